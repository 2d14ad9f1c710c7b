package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A small ext4 file system in a file; needs root. */
public final class LoopDisk implements AutoCloseable {
  /**
   * Place in {@code /sys/block/X/stat}, which counts sectors of 512 bytes whatever the device's.
   */
  private static final int SECTORS_WRITTEN = 6;

  private static final int SECTOR = 512;

  private final Path image;
  private Path mountPoint;
  private boolean mounted = true;

  /** An empty folder on it, for a tier; a gateway takes one named larder by itself. */
  public final Path folder;

  private LoopDisk(Path image, Path mountPoint) throws IOException {
    this.image = image;
    this.mountPoint = mountPoint;
    this.folder = Files.createDirectories(mountPoint.resolve("models"));
  }

  /** Makes and mounts one, or skips the test where that cannot be done. */
  public static LoopDisk of(Path parent, int mebibytes) throws IOException {
    assumeTrue(Machine.isRoot(), "only root can mount a file system");
    Path image = Files.createTempFile(parent, "disk", ".img");
    Path mountPoint = Files.createTempDirectory(parent, "disk");
    Command.tool("truncate", "-s", mebibytes + "M", image.toString());
    // All of it at once, so that nothing is written later but what is put there.
    String atOnce = "lazy_itable_init=0,lazy_journal_init=0";
    assumeTrue(
        Command.works("mkfs.ext4", "-q", "-F", "-E", atOnce, image.toString()),
        "no mkfs.ext4 here");
    assumeTrue(
        Command.works("mount", "-o", "loop", image.toString(), mountPoint.toString()),
        "loop file systems cannot be mounted here");
    return new LoopDisk(image, mountPoint);
  }

  /** Bytes that its block device was given so far, with all that is still in memory now. */
  public long bytesWritten() {
    Command.tool("sync", "-f", mountPoint.toString());
    try {
      String[] figures = Files.readString(statistics()).strip().split("\\s+");
      return Long.parseLong(figures[SECTORS_WRITTEN]) * SECTOR;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path statistics() throws IOException {
    String name = Files.getFileStore(mountPoint).name();
    return Path.of("/sys/block", name.substring(name.lastIndexOf('/') + 1), "stat");
  }

  /** Where the folder is now. */
  public Path folder() {
    return mountPoint.resolve("models");
  }

  /** Takes it away, whoever uses it. */
  public void pull() {
    Command.tool("umount", "-l", mountPoint.toString());
    mounted = false;
  }

  /** Mounts it again, somewhere, once nobody has it open any more. */
  public void mountAt(Path place) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (isInUse()) {
      assertThat(System.nanoTime()).as("%s is still in use", image).isLessThan(end);
      Command.tool("sleep", "0.1");
    }
    Command.tool("mount", "-o", "loop", image.toString(), place.toString());
    mountPoint = place;
    mounted = true;
  }

  private boolean isInUse() {
    return !Command.run(Path.of("/"), Map.of(), List.of("losetup", "-j", image.toString()))
        .ok()
        .out()
        .isBlank();
  }

  /** A copy of it as it is, mounted beside it. Nobody may be writing to it. */
  public LoopDisk copy() throws IOException {
    Path mount = mountPoint;
    pull();
    Path copy = Files.createTempFile(image.getParent(), "disk", ".img");
    Files.copy(image, copy, StandardCopyOption.REPLACE_EXISTING);
    mountAt(mount);
    Path beside = Files.createTempDirectory(image.getParent(), "disk");
    Command.tool("mount", "-o", "loop", copy.toString(), beside.toString());
    return new LoopDisk(copy, beside);
  }

  /** From now on it refuses writes. */
  public void makeReadOnly() {
    Command.tool("mount", "-o", "remount,ro", mountPoint.toString());
  }

  /** Takes all the room that is left. */
  public void fill() {
    Command.works("dd", "if=/dev/zero", "of=" + mountPoint.resolve("filler"), "bs=64k");
    Command.works("dd", "if=/dev/zero", "of=" + mountPoint.resolve("filler2"), "bs=512");
  }

  /** Gives back what was taken by {@link #fill}. */
  public void makeRoom() throws IOException {
    Files.deleteIfExists(mountPoint.resolve("filler"));
    Files.deleteIfExists(mountPoint.resolve("filler2"));
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      pull();
    }
    Files.deleteIfExists(image);
  }
}
