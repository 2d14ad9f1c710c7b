package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.DoctorFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real ext4 on a loop device, with good and with bad options. */
class RealFileSystemTest {

  @TempDir Path folder;
  private Path mount;
  private boolean mounted;

  @BeforeEach
  void requireRoot() throws Exception {
    assumeTrue(run("id", "-u").equals("0"), "mounting needs root");
    mount = Files.createDirectory(folder.resolve("mount"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", mount.toString());
    }
  }

  private void mount(int blockBytes, String options) throws Exception {
    String image = folder.resolve("image").toString();
    assumeTrue(
        succeeds("truncate", "-s", "64M", image)
            && succeeds("mkfs.ext4", "-q", "-F", "-b", String.valueOf(blockBytes), image),
        "needs mkfs.ext4");
    mounted = succeeds("mount", "-o", "loop," + options, image, mount.toString());
    assumeTrue(mounted, "loop devices cannot be mounted here");
  }

  private List<String> findings() {
    Place place = new Place("tier/loop", mount, Purpose.STORAGE);
    return new Examination(
            new Machine(Path.of("/")), () -> List.of(place), List::of, Clock.systemUTC())
        .examine().stream()
            .filter(finding -> finding.subject().equals("tier/loop"))
            .map(DoctorFinding::finding)
            .toList();
  }

  private static boolean succeeds(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // it is not installed
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes()).strip();
  }

  @Test
  void goodOptions() throws Exception {
    mount(4096, "noatime");
    assertThat(findings()).isEmpty();
  }

  @Test
  void badOptions() throws Exception {
    mount(1024, "strictatime,nobarrier,data=writeback");
    assertThat(findings())
        .containsExactlyInAnyOrder(
            "ext4 is mounted without barriers",
            "ext4 is mounted with data=writeback",
            "every read writes a time of access",
            "its file system has blocks of 1024 bytes");
  }

  @Test
  void nearlyFullAndReadOnly() throws Exception {
    mount(4096, "noatime");
    Files.write(mount.resolve("filler"), new byte[50 << 20]);
    assertThat(findings()).singleElement().asString().contains("is full to");
    assertThat(succeeds("mount", "-o", "remount,ro", mount.toString())).isTrue();
    assertThat(findings()).singleElement().asString().contains("is mounted read-only");
  }
}
