package dev.larder.doctor;

import dev.larder.api.HealthFinding.Severity;
import java.util.LinkedHashSet;
import java.util.Set;

/** Whether the type of a file system and its options are good for what is kept there. */
final class FileSystemCheck {

  private static final Set<String> NOATIME = Set.of("noatime");
  private static final Set<String> NO_BARRIER = Set.of("nobarrier", "barrier=0", "barrier=none");

  private final Machine machine;
  private final Findings findings;

  FileSystemCheck(Machine machine, Findings findings) {
    this.machine = machine;
    this.findings = findings;
  }

  void examine(Place place, Mount mount) {
    if (mount.isReadOnly()) {
      findings.add(
          Severity.ERROR,
          place.subject(),
          "its file system at " + mount.place() + " is mounted read-only",
          "nothing can be stored; the kernel does this by itself after it has met errors",
          "look for the cause with dmesg, check the file system unmounted, mount it writable",
          "mount -o remount,rw " + mount.place());
    }
    switch (mount.family()) {
      case "ext4", "ext3", "ext2" -> ext(place, mount);
      case "f2fs" -> f2fs(place, mount);
      case "xfs" -> barrier(place, mount, mount.options());
      case "btrfs" -> btrfs(place, mount);
      case "zfs" ->
          findings.add(
              Severity.INFO,
              place.subject(),
              "it is on ZFS, which does not show its settings here",
              "with sync=disabled a force reaches no medium, and acknowledged data can be lost",
              "see that sync is 'standard' and atime 'off'",
              "zfs get sync,atime,recordsize,compression " + mount.source());
      case "vfat", "msdos", "exfat", "ntfs", "ntfs3" -> withoutJournal(place, mount);
      case "tmpfs", "ramfs" -> inMemory(place, mount);
      case "overlay", "aufs" -> layer(place, mount);
      case "nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "fuse", "ceph" -> remote(place, mount);
      default -> {
        // nothing known against it
      }
    }
    accessTimes(place, mount);
  }

  /** Ext file systems tell what is in force, the defaults too, in proc/fs. */
  private Set<String> inForce(Mount mount) {
    Set<String> options = new LinkedHashSet<>(mount.options());
    machine
        .text("/proc/fs/" + mount.type() + "/" + machine.kernelName(mount) + "/options")
        .ifPresent(text -> text.lines().map(String::strip).forEach(options::add));
    return options;
  }

  private void ext(Place place, Mount mount) {
    Set<String> options = inForce(mount);
    barrier(place, mount, options);
    boolean lasting = place.purpose().mustLast();
    if (options.contains("data=writeback")) {
      findings.add(
          lasting ? Severity.WARNING : Severity.INFO,
          place.subject(),
          "ext4 is mounted with data=writeback",
          "after a power cut, files can hold what was on the medium before them. Larder finds that"
              + " by its checksums, but whatever else is there does not",
          lasting
              ? "use data=ordered, the default; it costs Larder nothing, which forces its own data"
              : "fine for a cache tier, which can be lost",
          lasting ? mount.fstab(NOATIME, Set.of("data=writeback")) : "");
    } else if (options.contains("data=journal")) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "ext4 is mounted with data=journal",
          "everything is written twice: half the speed of puts and twice the wear",
          "use data=ordered, the default",
          mount.fstab(NOATIME, Set.of("data=journal")));
    }
    if (lasting && mount.type().equals("ext2")) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "ext2 has no journal",
          "after a power cut it must be checked as a whole before it can be mounted",
          "make it ext4",
          "tune2fs -O extents,has_journal " + mount.source());
    }
    if (options.contains("discard") && isCard(mount)) {
      findings.add(
          Severity.INFO,
          place.subject(),
          "it is mounted with discard on a card",
          "each deletion waits for the card to discard",
          "discard once a week instead",
          "systemctl enable --now fstrim.timer");
    }
  }

  private boolean isCard(Mount mount) {
    return machine.diskName(mount).map(name -> name.startsWith("mmcblk")).orElse(false);
  }

  private void barrier(Place place, Mount mount, Set<String> options) {
    if (options.stream().noneMatch(NO_BARRIER::contains)) {
      return;
    }
    boolean lasting = place.purpose().mustLast();
    findings.add(
        lasting ? Severity.ERROR : Severity.INFO,
        place.subject(),
        mount.type() + " is mounted without barriers",
        "a force does not empty the medium's own cache: a power cut loses what was acknowledged,"
            + " and may damage the file system",
        lasting
            ? "leave the option out; only a cache tier, which can be lost, may go without"
            : "fine for a cache tier, which can be lost; never for storage",
        lasting ? mount.fstab(NOATIME, NO_BARRIER) : "");
  }

  private void f2fs(Place place, Mount mount) {
    barrier(place, mount, mount.options());
    if (mount.has("fsync_mode=nobarrier") && place.purpose().mustLast()) {
      findings.add(
          Severity.ERROR,
          place.subject(),
          "f2fs is mounted with fsync_mode=nobarrier",
          "a force does not empty the medium's own cache: a power cut loses what was acknowledged",
          "use fsync_mode=posix, the default",
          mount.fstab(NOATIME, Set.of("fsync_mode=nobarrier")));
    }
  }

  private void btrfs(Place place, Mount mount) {
    barrier(place, mount, mount.options());
    if (mount.has("autodefrag")) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "btrfs is mounted with autodefrag",
          "it writes packs anew in the background: wear for nothing, they are written in one go",
          "leave the option out",
          mount.fstab(NOATIME, Set.of("autodefrag")));
    }
    if (mount.hasPrefix("compress-force")) {
      findings.add(
          Severity.INFO,
          place.subject(),
          "btrfs is told to compress everything",
          "what Larder stores is compressed already: processor time for nothing",
          "use compress= in place of compress-force=, which looks first",
          "");
    }
  }

  private void withoutJournal(Place place, Mount mount) {
    if (place.purpose().mustLast()) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          mount.type() + " keeps no journal",
          "Larder survives a power cut, but the file system itself may not: its tables are written"
              + " in place",
          "use ext4 or f2fs where the card stays in gateways; keep a second replica else",
          "mkfs.ext4 -L larder " + mount.source() + "   # erases it");
    }
  }

  private void inMemory(Place place, Mount mount) {
    if (place.purpose() == Purpose.RAM) {
      return;
    }
    boolean lasting = place.purpose().mustLast();
    findings.add(
        lasting ? Severity.ERROR : Severity.WARNING,
        place.subject(),
        "it is in memory (" + mount.type() + ")",
        lasting ? "it is lost at the next start of the machine" : "the RAM cache is faster",
        "use a folder on a medium",
        "");
  }

  private void layer(Place place, Mount mount) {
    if (place.purpose().mustLast()) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "it is in a container's own layer (" + mount.type() + ")",
          "it goes when the container goes, and each first write copies a whole file",
          "give the container a volume",
          "--volume larder:" + place.folder());
    }
  }

  private void remote(Place place, Mount mount) {
    if (place.purpose().mustLast()) {
      findings.add(
          Severity.WARNING,
          place.subject(),
          "it is on " + mount.type() + ", not on a medium of this machine",
          "whether a force is kept is the server's business, and a swap waits for the network",
          "keep a replica on a medium of this machine",
          "");
    }
  }

  private void accessTimes(Place place, Mount mount) {
    boolean spared = mount.has("noatime") || mount.isReadOnly();
    if (spared || place.purpose() == Purpose.RAM || !mount.source().startsWith("/dev/")) {
      return;
    }
    boolean always = !mount.has("relatime");
    findings.add(
        always ? Severity.WARNING : Severity.INFO,
        place.subject(),
        always ? "every read writes a time of access" : "reads write a time of access once a day",
        "nobody needs it, and each is a small write, which wears flash most",
        "mount it with noatime",
        mount.fstab(NOATIME, Set.of("strictatime", "atime")));
  }
}
