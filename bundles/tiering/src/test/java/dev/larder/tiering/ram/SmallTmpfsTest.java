package dev.larder.tiering.ram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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
    assumeTrue(
        run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=1m,nr_inodes=40",
            "larder-test",
            folder.toString()));
    ram =
        RamCache.open(
            RamSettings.of(folder.resolve("ram"), 10 * MIB),
            RamTestFolder.builtIn(),
            (digest, size, cause) -> evicted.add(digest),
            folder.resolve("ram.ledger"),
            Runnable::run,
            System::nanoTime);
  }

  @AfterEach
  void unmount() throws Exception {
    if (ram != null) {
      ram.close();
      assertThat(run("umount", "-l", folder.toString())).isTrue();
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

  /** What reads as zero without being allocated would be a signal to a consumer that maps it. */
  @Test
  void everyByteOfAFileIsAllocatedAndReadableWhenTheFileSystemIsFull() throws Exception {
    load(1, 300_001);
    fill();
    Path file = ram.path(new Digest(1, 0, 0, 0));
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    long blocks = Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
    assertThat(blocks * 512).isGreaterThanOrEqualTo(300_001);
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      while (content.hasRemaining()) {
        assertThat(content.get()).isZero();
      }
    }
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("other"))) {
      for (int i = 0; i < 2 * MIB; i += 4096) {
        out.write(new byte[4096]);
      }
      throw new AssertionError("it is not full");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @Test
  void whileAnotherFillsAndEmptiesItLoadsSucceedOrFailWithATypedErrorAndLeaveNothing()
      throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (!ended.get()) {
                  fill();
                  Files.delete(folder.resolve("other"));
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    int loaded = 0;
    int full = 0;
    for (int i = 1; i < 5_000 && (loaded < 20 || full < 20); i++) {
      try {
        load(i, 200 << 10);
        loaded++;
      } catch (LarderException e) {
        assertThat(e.code()).as(e.describe()).isEqualTo(ErrorCode.RAM_FULL);
        full++;
      }
      assertThat(folder.resolve("ram/tmp")).isEmptyDirectory();
    }
    ended.set(true);
    other.get(10, TimeUnit.SECONDS);
    assertThat(loaded).isGreaterThanOrEqualTo(20);
    assertThat(full).isGreaterThanOrEqualTo(20);
    try (Stream<Path> files = Files.list(folder.resolve("ram/blobs"))) {
      assertThat(ram.usage().usedBytes()).isEqualTo(files.count() * (200 << 10));
    }
  }

  @Test
  void noRoomForANameIsATypedErrorToo() throws Exception {
    load(1, 100);
    Reference reference = Reference.parse("a/b/c/d:e");
    for (int i = 0; usableNames() > 2; i++) {
      Files.createFile(folder.resolve("name" + i));
    }
    fails(ErrorCode.RAM_FULL, () -> ram.activate(reference, new Digest(1, 0, 0, 0)));
    for (int i = 50; usableNames() > 0; i++) {
      Files.createFile(folder.resolve("name" + i));
    }
    fails(ErrorCode.RAM_FULL, () -> load(2, 100));
    assertThat(ram.usage().usedBytes()).isEqualTo(100);
    try (Stream<Path> names = Files.list(folder)) {
      for (Path name :
          names.filter(path -> path.getFileName().toString().startsWith("name")).toList()) {
        Files.delete(name);
      }
    }
    ram.activate(reference, new Digest(1, 0, 0, 0));
    assertThat(folder.resolve("ram/active/a/b/c/d:e")).exists();
  }

  private long usableNames() throws Exception {
    Process stat = new ProcessBuilder("stat", "-f", "-c", "%d", folder.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
  }
}
