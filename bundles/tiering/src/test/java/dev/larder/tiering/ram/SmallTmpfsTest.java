package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tmpfs of one megabyte, as root may mount it: containers have small ones. */
class SmallTmpfsTest {

  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private final List<Digest> evicted = new ArrayList<>();
  private RamCache ram;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "larder-test", folder.toString()));
    ram =
        RamCache.open(
            RamSettings.of(folder.resolve("ram"), 10 * MIB),
            RamTestFolder.builtIn(),
            (digest, size, cause) -> evicted.add(digest),
            System::nanoTime);
  }

  @AfterEach
  void unmount() throws Exception {
    if (ram != null) {
      ram.close();
      assertThat(run("umount", folder.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private void load(int number, int size) throws IOException {
    RamFile file = ram.reserve(new Digest(number, 0, 0, 0), size, Cancellation.NEVER);
    try {
      for (int offset = 0; offset < size; offset += 4096) {
        file.accept(offset, ByteBuffer.allocate(Math.min(4096, size - offset)));
      }
      ram.publish(file, 1);
    } catch (IOException e) {
      ram.abandon(file);
      throw e;
    }
    ram.unhold(file.digest(), true);
  }

  private static void fails(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LarderException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theLimitIsThreeQuartersOfIt() throws Exception {
    assertThat(ram.usage().limitBytes()).isEqualTo(MIB / 4 * 3);
    assertThat(ram.health()).singleElement().asString().contains("¾");
    fails(ErrorCode.TOO_LARGE_FOR_RAM, () -> load(1, MIB / 4 * 3 + 1));
    load(2, MIB / 4 * 3);
  }

  @Test
  void whatOthersHaveTakenIsNotCountedOn() throws Exception {
    load(1, 300 << 10);
    Files.write(folder.resolve("other"), new byte[600 << 10]);
    load(2, 200 << 10); // within the limit, but not free
    assertThat(evicted).containsExactly(new Digest(1, 0, 0, 0));
    fails(ErrorCode.RAM_FULL, () -> load(3, 500 << 10));
    load(4, 100 << 10);
  }

  @Test
  void aFileSystemThatFillsUpMeanwhileIsATypedError() throws Exception {
    RamFile file = ram.reserve(new Digest(9, 0, 0, 0), 700 << 10, Cancellation.NEVER);
    Files.write(folder.resolve("other"), new byte[600 << 10]);
    fails(ErrorCode.RAM_FULL, () -> file.accept(0, ByteBuffer.allocate(700 << 10)));
    ram.abandon(file);
    assertThat(ram.usage().usedBytes()).isZero();
    Files.delete(folder.resolve("other"));
    load(9, 700 << 10);
  }
}
