package dev.larder.doctor;

import dev.larder.api.HealthFinding.Severity;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the disk below a file system, and the room on it, are as they should be. */
final class DeviceCheck {

  private static final Pattern CURRENT = Pattern.compile("\\[(\\S+)]");
  private static final int FULL = 97;
  private static final int NEARLY_FULL = 90;

  private final Machine machine;
  private final Findings findings;

  DeviceCheck(Machine machine, Findings findings) {
    this.machine = machine;
    this.findings = findings;
  }

  void examine(Place place, Mount mount) {
    if (place.purpose() == Purpose.RAM) {
      return;
    }
    machine.space(place.folder()).ifPresent(space -> space(place, mount, space));
    partition(place, mount);
    writeProtection(place, mount);
    queue(place, mount);
  }

  private void space(Place place, Mount mount, Machine.Space space) {
    if (space.totalBytes() <= 0 || mount.isReadOnly()) {
      return;
    }
    long percent = 100 - 100 * space.usableBytes() / space.totalBytes();
    if (percent >= NEARLY_FULL) {
      findings.add(
          percent >= FULL ? Severity.ERROR : Severity.WARNING,
          place.subject(),
          "the file system at "
              + mount.place()
              + " is full to "
              + percent
              + " %, "
              + (space.usableBytes() >> 20)
              + " MiB are left",
          "puts are refused when the reserve is reached, and flash that is nearly full wears and"
              + " slows down",
          "delete something and run 'larder gc', or move artifacts to another tier",
          "");
    }
    if (space.blockBytes() < 4096) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "its file system has blocks of " + space.blockBytes() + " bytes",
          "flash writes 4 KiB and more at once: smaller blocks are read, changed and written back",
          "make it anew with blocks of 4 KiB when it is empty",
          "mkfs.ext4 -b 4096 " + mount.source() + "   # erases it");
    }
  }

  private void partition(Place place, Mount mount) {
    if (place.purpose() == Purpose.STORAGE && mount.place().equals("/")) {
      findings.add(
          Severity.INFO,
          place.subject(),
          "it shares a file system with the operating system",
          "when one of them fills it up, both stand still",
          "give it a partition of its own, or a limit with 'larder tier add --capacity'",
          "");
    }
  }

  private void writeProtection(Place place, Mount mount) {
    if (machine.disk(mount, "ro").map("1"::equals).orElse(false) && !mount.isReadOnly()) {
      findings.add(
          Severity.ERROR,
          place.subject(),
          "the medium itself is write-protected",
          "nothing can be stored",
          "see to the card's switch; an eMMC or SD card at the end of its life protects itself",
          "");
    }
  }

  private void queue(Place place, Mount mount) {
    String disk = machine.diskName(mount).orElse("");
    Matcher scheduler = CURRENT.matcher(machine.disk(mount, "queue/scheduler").orElse(""));
    if (disk.startsWith("nvme") && scheduler.find() && scheduler.group(1).equals("bfq")) {
      findings.add(
          Severity.INFO,
          place.subject(),
          "the kernel schedules its NVMe device with bfq",
          "that costs processor time for each request, and NVMe has queues of its own",
          "use none",
          "echo none > /sys/block/" + disk + "/queue/scheduler");
    }
    if (machine.disk(mount, "queue/read_ahead_kb").map("0"::equals).orElse(false)) {
      findings.add(
          Severity.INFO,
          place.subject(),
          "read-ahead is off",
          "where direct I/O is refused, and for all other programs, reads go page by page",
          "use 128 KiB, the default",
          "echo 128 > /sys/block/" + disk + "/queue/read_ahead_kb");
    }
  }
}
