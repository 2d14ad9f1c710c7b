package dev.larder.media.folder;

import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is expected of media that no other driver knows. These are guesses on the slow side, until a
 * probe has measured.
 */
final class FolderTypes {

  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "9p",
          "ceph",
          "afs",
          "glusterfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "fuse.s3fs",
          "fuse.rclone",
          "davfs",
          "fuse.davfs2");

  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");
  private static final Pattern LOOP = Pattern.compile("loop\\d+");
  private static final Pattern ZRAM = Pattern.compile("zram\\d+");
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9._-]{1,32}");

  private FolderTypes() {}

  static MediumType of(Optional<DeviceDescription> device) {
    return device.map(FolderTypes::of).orElseGet(() -> local("folder"));
  }

  private static MediumType of(DeviceDescription device) {
    String type = device.fileSystem().toLowerCase(Locale.ROOT);
    String name = PLAIN.matcher(type).matches() ? "folder on " + type : "folder";
    if (NETWORK.contains(type)) {
      return network(name);
    }
    if (MEMORY.contains(type) || ZRAM.matcher(device.disk()).matches()) {
      return memory(name + " in memory");
    }
    return local(LOOP.matcher(device.disk()).matches() ? name + " of a loop device" : name);
  }

  private static MediumType local(String name) {
    return type(name, MediaClass.OTHER, 500, 150_000_000L, 80_000_000L, 2, true);
  }

  /**
   * About what a gigabit line carries. What the other side does with a force cannot be known here:
   * an NFS server may be exported {@code async}.
   */
  private static MediumType network(String name) {
    return type(name, MediaClass.REMOTE, 2000, 100_000_000L, 80_000_000L, 4, false);
  }

  /** Nothing of it outlives a power cut. */
  private static MediumType memory(String name) {
    return type(name, MediaClass.OTHER, 10, 2_000_000_000L, 1_000_000_000L, 2, false);
  }

  private static MediumType type(
      String name,
      MediaClass mediaClass,
      double latencyMicros,
      long readRate,
      long writeRate,
      int depth,
      boolean forceBelieved) {
    return new MediumType(
        name,
        new MediaProfile(
            mediaClass,
            latencyMicros,
            readRate,
            writeRate,
            depth,
            1 << 20,
            4096,
            4096,
            0,
            forceBelieved));
  }
}
