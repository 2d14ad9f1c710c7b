package dev.larder.media.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.contract.MediumContract;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small file system of its own, where the one who runs the tests may mount one. */
final class SmallFileSystemTest {

  @TempDir Path temporary;
  private Path mount;

  @BeforeEach
  void mountSmall() throws Exception {
    mount = temporary.resolve("small");
    assertThat(mount.toFile().mkdir()).isTrue();
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "larder-test", mount.toString()));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", mount.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Medium open(String folder) throws IOException {
    return new FolderDriver()
        .open(
            new MediumLocation(
                mount.resolve(folder).toString(),
                Optional.empty(),
                OptionalLong.empty(),
                Map.of()));
  }

  @Test
  void aFullMediumIsReportedAndKeepsWhatItHad() throws IOException {
    try (Medium medium = open("v");
        PackFile pack = medium.createPack(1, 0)) {
      ByteBuffer step = MediumContract.bytes(3 << 20, 1);
      pack.append(step.duplicate(), 0);
      assertThatThrownBy(() -> pack.append(step.duplicate(), 3 << 20))
          .isInstanceOf(MediumFullException.class);
      assertThat(pack.size()).isEqualTo(3 << 20);
      assertThat(medium.capacity().freeBytes()).isGreaterThan(512 << 10);
      pack.append(step.slice(0, 65536), 3 << 20);
      pack.force();
      ByteBuffer target = ByteBuffer.allocate(3 << 20);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(3 << 20);
      assertThat(target.flip()).isEqualTo(step);
    }
  }

  @Test
  void aReadOnlyMountIsReadAndSaysThatItRefusesWrites() throws Exception {
    try (Medium medium = open("v");
        PackFile pack = medium.createPack(1, 0)) {
      pack.append(MediumContract.bytes(100, 1), 0);
      medium.replaceSuperblock(0, MediumContract.bytes(10, 1));
    }
    assertThat(run("mount", "-o", "remount,ro", mount.toString())).isTrue();
    try (Medium medium = open("v");
        PackFile pack = medium.openPack(1, false)) {
      assertThat(medium.writable()).isFalse();
      assertThat(medium.readSuperblock(0)).contains(MediumContract.bytes(10, 1));
      assertThat(pack.read(ByteBuffer.allocate(100), 0, Cancellation.NEVER)).isEqualTo(100);
      assertThat(medium.probe(Runnable::run, Cancellation.NEVER)).isEqualTo(Measurement.NONE);
    }
    assertThatThrownBy(() -> open("new"))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
  }

  @Test
  void aMediumThatIsPulledIsReportedAsGone() throws Exception {
    try (Medium medium = open("v")) {
      medium.createPack(1, 0).close();
      assertThat(run("umount", "-l", mount.toString())).isTrue();
      assertThatThrownBy(medium::packs)
          .isInstanceOf(dev.larder.spi.media.MediumGoneException.class);
    }
  }
}
