package dev.larder.tiering.prefetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Half-hours of the week, as long as the clock is known to be right: many a gateway boots without
 * one. Java cannot ask the kernel, so it goes by the files of who sets the clock: that of
 * systemd-timesyncd, and the drift file of chrony or ntpd if it was written since the machine
 * booted. For one thread at a time.
 */
final class WeekClock {

  private static final Path TIMESYNCD = Path.of("run/systemd/timesync/synchronized");
  private static final List<Path> DRIFTS =
      List.of(
          Path.of("var/lib/chrony/drift"),
          Path.of("var/lib/chrony/chrony.drift"),
          Path.of("var/lib/ntp/ntp.drift"),
          Path.of("var/lib/ntpsec/ntp.drift"));
  private static final Path UPTIME = Path.of("proc/uptime");
  private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int HALF_HOURS_OF_DAY = 48;

  private final Path root;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private @Nullable Long looked;
  private boolean synchronised;

  /**
   * A clock.
   *
   * @param root of the file system
   * @param clock in the zone of the machine
   */
  WeekClock(Path root, Clock clock, LongSupplier nanoTime) {
    this.root = root;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Half-hours since Monday, 0:00, local time: 0 to 335. */
  OptionalInt halfHour() {
    long now = nanoTime.getAsLong();
    if (looked == null || now - looked > LOOK_NANOS) {
      looked = now;
      synchronised = isSynchronised();
    }
    if (!synchronised) {
      return OptionalInt.empty();
    }
    ZonedDateTime time = ZonedDateTime.now(clock);
    int day = time.getDayOfWeek().getValue() - 1;
    return OptionalInt.of(day * HALF_HOURS_OF_DAY + time.getHour() * 2 + time.getMinute() / 30);
  }

  private boolean isSynchronised() {
    return Files.exists(root.resolve(TIMESYNCD)) || DRIFTS.stream().anyMatch(this::isFresh);
  }

  private boolean isFresh(Path drift) {
    try {
      Instant written = Files.getLastModifiedTime(root.resolve(drift)).toInstant();
      String uptime = Files.readString(root.resolve(UPTIME)).split(" ", 2)[0];
      Instant booted = clock.instant().minusSeconds((long) Double.parseDouble(uptime));
      return written.isAfter(booted);
    } catch (IOException | NumberFormatException e) {
      return false; // not there, most likely
    }
  }
}
