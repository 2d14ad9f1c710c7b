package dev.larder.doctor;

import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.TierInfo;
import java.time.Instant;
import java.util.Locale;

/** What concerns the machine as a whole: RAM cache, swap space, clock; and the wear of media. */
final class MachineCheck {

  /** No gateway was built before. */
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private static final long SMALL = 128L << 20;
  private static final double WORN = 0.8;

  private final Machine machine;
  private final Findings findings;

  MachineCheck(Machine machine, Findings findings) {
    this.machine = machine;
    this.findings = findings;
  }

  void ram(Place place, Mount mount) {
    if (!mount.family().equals("tmpfs")) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "the RAM cache at " + place.folder() + " is on " + mount.type() + ", not in memory",
          "models are written to a medium each time they are swapped in",
          "mount a tmpfs there, or name one with $LARDER_RAM",
          "tmpfs " + place.folder() + " tmpfs mode=0755,size=50% 0 0");
      return;
    }
    machine
        .space(place.folder())
        .filter(space -> space.totalBytes() > 0 && space.totalBytes() <= SMALL)
        .ifPresent(
            space ->
                findings.add(
                    Severity.WARNING,
                    place.subject(),
                    "the tmpfs at "
                        + mount.place()
                        + " has only "
                        + (space.totalBytes() >> 20)
                        + " MiB",
                    "three quarters of it are the largest model that can be swapped in;"
                        + " containers get 64 MiB unless they ask for more",
                    "make it larger",
                    "mount -o remount,size=1g " + mount.place()));
  }

  /** From {@code /proc/swaps}: what is in tmpfs may be written there. */
  void swap() {
    for (String line : machine.text("/proc/swaps").orElse("").lines().skip(1).toList()) {
      String[] fields = line.split("\\s+");
      if (fields.length >= 2 && !fields[0].startsWith("/dev/zram")) {
        findings.add(
            Severity.WARNING,
            "machine",
            "the kernel may swap to " + fields[0],
            "models in the RAM cache can be written there when memory is short: slow, and wear",
            "swap to compressed memory (zram) instead, or not at all",
            "swapoff " + fields[0]);
      }
    }
  }

  /** Larder goes by running time, but certificates and people go by the clock. */
  void clock(Instant now) {
    if (now.isBefore(FIRST)) {
      findings.add(
          Severity.WARNING,
          "machine",
          "the clock says " + now,
          "stored data does not depend on it, but logs, certificates and tokens do",
          "set the time, or let it be synchronised",
          "timedatectl set-ntp true");
    }
  }

  void wear(TierInfo tier) {
    if (tier.lifeUsed().isPresent() && tier.lifeUsed().getAsDouble() >= WORN) {
      double used = tier.lifeUsed().getAsDouble();
      findings.add(
          used >= 1 ? Severity.ERROR : Severity.WARNING,
          "tier/" + tier.name(),
          String.format(Locale.ROOT, "its medium has used %.0f %% of its life", 100 * used),
          "flash that is worn loses what it holds, or becomes read-only",
          "move its artifacts to another tier and replace it",
          "larder tier rm " + tier.name());
    }
  }
}
