package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.itest.gateway.Command;
import dev.larder.itest.gateway.Machine;
import dev.larder.itest.gateway.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An ext4 file system on a disk whose write cache is lost when its power is cut: tools beside the
 * project that need not be there.
 */
final class VolatileDisk implements AutoCloseable {

  private static final Path TOOL =
      Path.of(System.getProperty("larder.rig")).normalize().resolve("volatile-disk.sh");

  private static final Map<String, String> PACKAGES =
      Map.of(
          "nbdkit", "nbdkit",
          "nbdfuse", "libnbd-bin",
          "fusermount3", "fuse3",
          "mkfs.ext4", "e2fsprogs",
          "losetup", "mount");

  private static final int IN_FLIGHT = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Path folder;

  private VolatileDisk(Path folder) {
    this.folder = folder;
  }

  /** Skips the test where there can be none, saying what is missing. */
  static void assumePossible() {
    assumeTrue(Files.isExecutable(TOOL), "the power cannot be cut: there is no " + TOOL);
    assumeTrue(Machine.isRoot(), "the power cannot be cut: only root can mount a file system");
    PACKAGES.forEach(
        (command, name) ->
            assumeTrue(
                Command.works("sh", "-c", "command -v " + command),
                "the power cannot be cut: the Debian package " + name + " is missing"));
    assumeTrue(
        Command.works("nbdkit", "python", "--dump-plugin"),
        "the power cannot be cut: the Debian package nbdkit-plugin-python is missing");
    assumeTrue(
        Files.exists(Path.of("/dev/fuse")) && Files.exists(Path.of("/dev/loop-control")),
        "the power cannot be cut: no FUSE or no loop devices here");
  }

  /** A new and empty one, in the temporary folder: paths of sockets have to be short. */
  static VolatileDisk up(int mebibytes) throws IOException {
    VolatileDisk disk = new VolatileDisk(Files.createTempDirectory("larder-cut").toRealPath());
    disk.run("up", disk.folder.toString(), mebibytes + "M");
    return disk;
  }

  /** Where it is mounted. */
  Path root() {
    return folder.resolve("fs");
  }

  /**
   * Cuts the power, if it can be had while the disk is writing: between a write and its flush there
   * is most to lose.
   *
   * @param share of the sectors that were not flushed that reach the disk all the same, chosen by
   *     the seed
   * @return what was lost, for people
   */
  String cut(long seed, double share) throws IOException, InterruptedException {
    Path statistics = statistics();
    Path answer = folder.resolve("control.log");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isWriting(statistics) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    Files.writeString(
        folder.resolve("control"), "cut " + seed + " " + share + "\n", StandardOpenOption.WRITE);
    while (!Files.exists(answer) || Files.size(answer) == 0) {
      assertThat(System.nanoTime()).as("the power is cut").isLessThan(deadline + LONG.toNanos());
      Thread.sleep(5);
    }
    return Files.readString(answer).strip();
  }

  private Path statistics() throws IOException {
    String device = Files.readString(folder.resolve("loop")).strip();
    return Path.of("/sys/block", device.substring(device.lastIndexOf('/') + 1), "stat");
  }

  /** The ninth figure is what the device has been asked for and has not done. */
  private static boolean isWriting(Path statistics) throws IOException {
    return !Files.readString(statistics).strip().split("\\s+")[IN_FLIGHT].equals("0");
  }

  /** Powers on again and mounts what has reached the disk. */
  void restore() {
    run("restore", folder.toString());
  }

  /** Takes its image away, for whoever wants to know what went wrong. */
  void keepImage(Path target) {
    Command.works("umount", "-l", root().toString());
    Command.works("cp", "--sparse=always", folder.resolve("image").toString(), target.toString());
  }

  private Result run(String... words) {
    List<String> command = new ArrayList<>(List.of(TOOL.toString()));
    command.addAll(List.of(words));
    return Command.run(Path.of("/"), Map.of(), command).ok();
  }

  @Override
  public void close() {
    run("down", folder.toString());
  }
}
