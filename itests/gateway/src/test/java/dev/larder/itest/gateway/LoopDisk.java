package dev.larder.itest.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small ext4 file system in a file; needs root. */
final class LoopDisk implements AutoCloseable {
  private final Path image;
  private final Path mountPoint;

  /** An empty folder on it, for a tier; a gateway takes one named larder by itself. */
  final Path folder;

  private LoopDisk(Path image, Path mountPoint) throws IOException {
    this.image = image;
    this.mountPoint = mountPoint;
    this.folder = Files.createDirectory(mountPoint.resolve("models"));
  }

  /** Makes and mounts one, or skips the test where that cannot be done. */
  static LoopDisk of(Path parent, int mebibytes) throws IOException {
    assumeTrue(Machine.isRoot(), "only root can mount a file system");
    Path image = Files.createTempFile(parent, "disk", ".img");
    Path mountPoint = Files.createTempDirectory(parent, "disk");
    Command.tool("truncate", "-s", mebibytes + "M", image.toString());
    assumeTrue(Command.works("mkfs.ext4", "-q", "-F", image.toString()), "no mkfs.ext4 here");
    assumeTrue(
        Command.works("mount", "-o", "loop", image.toString(), mountPoint.toString()),
        "loop file systems cannot be mounted here");
    return new LoopDisk(image, mountPoint);
  }

  /** From now on it refuses writes. */
  void makeReadOnly() {
    Command.tool("mount", "-o", "remount,ro", mountPoint.toString());
  }

  /** Takes all the room that is left. */
  void fill() {
    Command.works("dd", "if=/dev/zero", "of=" + mountPoint.resolve("filler"), "bs=64k");
    Command.works("dd", "if=/dev/zero", "of=" + mountPoint.resolve("filler2"), "bs=512");
  }

  @Override
  public void close() throws IOException {
    Command.tool("umount", "-l", mountPoint.toString());
    Files.deleteIfExists(image);
  }
}
