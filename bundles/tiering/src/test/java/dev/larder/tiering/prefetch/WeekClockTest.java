package dev.larder.tiering.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeekClockTest {

  private static final Instant TUESDAY = Instant.parse("2025-07-01T21:40:00Z");

  @TempDir Path root;
  private long nanos = -5;
  private WeekClock week;

  @BeforeEach
  void boot() throws IOException {
    week = new WeekClock(root, Clock.fixed(TUESDAY, ZoneId.of("Europe/Berlin")), () -> nanos);
    write("proc/uptime", TUESDAY);
    Files.writeString(root.resolve("proc/uptime"), "3600.12 7000.00\n");
  }

  private void write(String file, Instant when) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "");
    Files.setLastModifiedTime(path, FileTime.from(when));
  }

  private void later() {
    nanos += Duration.ofMinutes(2).toNanos();
  }

  @Test
  void nobodyKnowsTheTimeUntilSomebodyHasSetIt() throws IOException {
    assertThat(week.halfHour()).isEmpty();
    write("run/systemd/timesync/synchronized", TUESDAY);
    assertThat(week.halfHour()).as("looked at once a minute").isEmpty();
    later();
    assertThat(week.halfHour()).as("23:40 in Berlin").hasValue(48 + 47);
  }

  @Test
  void aDriftOfTheLastBootProvesNothing() throws IOException {
    write("var/lib/chrony/drift", TUESDAY.minus(Duration.ofHours(2)));
    assertThat(week.halfHour()).isEmpty();
    write("var/lib/chrony/drift", TUESDAY.minus(Duration.ofMinutes(30)));
    later();
    assertThat(week.halfHour()).hasValue(95);
  }

  @Test
  void withoutAnUptimeThereIsNoProofEither() throws IOException {
    write("var/lib/ntp/ntp.drift", TUESDAY);
    Files.writeString(root.resolve("proc/uptime"), "soon\n");
    assertThat(week.halfHour()).isEmpty();
  }
}
