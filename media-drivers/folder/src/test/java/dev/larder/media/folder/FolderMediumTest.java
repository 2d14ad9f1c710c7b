package dev.larder.media.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.contract.MediumContract;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderMediumTest extends MediumContract {

  @TempDir Path temporary;

  @Override
  protected MediaDriver driver() {
    return new FolderDriver();
  }

  @Override
  protected String address() {
    return temporary.resolve("a/volume").toString();
  }

  private Path folder() {
    return Path.of(address());
  }

  private static MediumLocation at(Path path) {
    return new MediumLocation(path.toString(), Optional.empty(), OptionalLong.empty(), Map.of());
  }

  @Test
  void theFolderHoldsPacksSuperblocksAndTheLockOnly() throws IOException {
    medium().replaceSuperblock(0, bytes(10, 1));
    medium().replaceSuperblock(1, bytes(10, 1));
    medium().createPack(26, 0).close();
    medium().probe(Runnable::run, Cancellation.NEVER);
    try (Stream<Path> files = Files.list(folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock", "superblock.0", "superblock.1", "pack-000000000000001a.lpk");
    }
  }

  @Test
  void whatWasMeasuredTakesThePlaceOfWhatWasExpected() throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      Measurement found = medium().probe(readers, Cancellation.NEVER);
      assertThat(found.writeBytesPerSecond()).isPositive();
      assertThat(found.forceMicros()).isPositive();
      MediaProfile expected = medium().profile();
      medium().tune(found);
      assertThat(medium().profile()).isEqualTo(expected.tuned(found));
      assertThat(medium().profile().forceMicros()).isEqualTo(found.forceMicros());
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void aProbeThatIsCancelledLeavesNothingBehind() {
    assertThatThrownBy(() -> medium().probe(Runnable::run, () -> true))
        .isInstanceOf(CancellationException.class);
    assertThat(folder().resolve("probe.tmp")).doesNotExist();
  }

  @Test
  void whatCouldNotBeMeasuredStaysAsExpected() {
    MediaProfile expected = medium().profile();
    medium().tune(Measurement.NONE);
    assertThat(medium().profile()).isEqualTo(expected);
  }

  @Test
  void strangersArePassedOverAndLeftAlone() throws IOException {
    for (String name :
        new String[] {"pack-1.lpk", "pack-ffffffffffffffff.lpk", "x.tmp", "pack-zz.lpk"}) {
      Files.writeString(folder().resolve(name), "x");
    }
    Files.createDirectory(folder().resolve("pack-0000000000000002.lpk"));
    medium().createPack(3, 0).close();
    medium().close();
    try (Medium again = open()) {
      assertThat(again.packs()).containsExactly(new PackEntry(3, 0));
    }
    assertThat(folder().resolve("x.tmp")).exists();
  }

  @Test
  void whatACrashLeftIsRemovedAtOpen() throws IOException {
    medium().close();
    Files.writeString(folder().resolve("superblock.1.tmp"), "torn");
    Files.writeString(folder().resolve("probe.tmp"), "torn");
    try (Medium again = open()) {
      assertThat(again.readSuperblock(1)).isEmpty();
    }
    assertThat(folder().resolve("superblock.1.tmp")).doesNotExist();
    assertThat(folder().resolve("probe.tmp")).doesNotExist();
  }

  @Test
  void anotherProcessIsKeptOutAndLetInAfterADeath() throws Exception {
    medium().close();
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx32m",
                Holder.class.getName(),
                address())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = other.inputReader()) {
      assertThat(out.readLine()).isEqualTo("held");
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED));
    } finally {
      other.destroyForcibly();
      other.waitFor(10, TimeUnit.SECONDS);
    }
    open().close();
  }

  @Test
  void anotherProcessIsKeptOutAfterARefusedSecondOpenHere() throws Exception {
    assertThatThrownBy(this::open).isInstanceOf(LarderException.class);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx32m",
                Holder.class.getName(),
                address())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(other.exitValue()).isEqualTo(1);
    } finally {
      other.destroyForcibly();
    }
  }

  /** Runs in another process: holds a volume until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      new FolderDriver().open(at(Path.of(args[0])));
      System.out.println("held");
      Thread.sleep(60_000);
    }
  }

  @Test
  void anInterruptedThreadDoesNotBreakThePackForAnybody() throws Exception {
    ByteBuffer content = bytes(1 << 20, 1);
    try (PackFile pack = medium().createPack(1, 0)) {
      Thread.currentThread().interrupt();
      pack.append(content.duplicate(), 0);
      pack.force();
      ByteBuffer target = ByteBuffer.allocate(1 << 20);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(1 << 20);
      medium().replaceSuperblock(0, bytes(10, 1));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(target.flip()).isEqualTo(content);
      underFireReadsStayRight(pack, content);
    }
  }

  private void underFireReadsStayRight(PackFile pack, ByteBuffer content) throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    Thread[] readers = new Thread[3];
    for (int i = 0; i < readers.length; i++) {
      boolean writes = i == 0;
      readers[i] =
          new Thread(
              () -> {
                try {
                  for (int round = 0; round < 300; round++) {
                    ByteBuffer target = direct(65536, 4096);
                    int read = pack.read(target, 65536, Cancellation.NEVER);
                    if (read != 65536 || !target.flip().equals(content.slice(65536, 65536))) {
                      failed.set(true);
                    }
                    if (writes) {
                      pack.append(bytes(4096, 1), (1 << 20) + 4096L * round);
                    }
                  }
                } catch (IOException | RuntimeException e) {
                  e.printStackTrace();
                  failed.set(true);
                }
              });
      readers[i].start();
    }
    for (boolean alive = true; alive; ) {
      alive = false;
      for (Thread reader : readers) {
        alive |= reader.isAlive();
        reader.interrupt();
      }
      Thread.sleep(1);
    }
    assertThat(failed).isFalse();
    assertThat(pack.size()).isEqualTo((1 << 20) + 300 * 4096);
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> driver().open(at(file)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void aFolderThatIsTakenAwayIsReportedAsGone() throws IOException {
    try (PackFile pack = medium().createPack(1, 0)) {
      Files.move(folder(), temporary.resolve("elsewhere"));
      Files.createDirectory(folder());
      assertThatThrownBy(() -> medium().openPack(1, false)).isInstanceOf(MediumGoneException.class);
      assertThatThrownBy(() -> medium().readSuperblock(0)).isInstanceOf(MediumGoneException.class);
      Files.delete(folder());
      assertThatThrownBy(() -> medium().packs()).isInstanceOf(MediumGoneException.class);
      assertThatThrownBy(() -> medium().createPack(2, 0)).isInstanceOf(MediumGoneException.class);
    }
  }

  private Path file() {
    return folder().resolve("pack-0000000000000001.lpk");
  }

  @Test
  void aUnitIsNoLessThanWhatThePageCacheWrites() {
    assertThat(medium().profile().sectorBytes()).isGreaterThanOrEqualTo(4096);
  }

  @Test
  void whatACrashLeavesOfTheRoomAheadAreZerosBehindTheEnd() throws IOException {
    ByteBuffer content = bytes(20 * 4096, 3);
    byte[] left;
    try (PackFile pack = medium().createPack(1, 0)) {
      for (int at = 0; at < content.limit(); at += 4096) {
        pack.append(content.slice(at, 4096), at);
        pack.force();
      }
      left = Files.readAllBytes(file());
      assertThat(left.length).isBetween(content.limit() + 1, content.limit() + (256 << 10));
      assertThat(ByteBuffer.wrap(left, 0, content.limit())).isEqualTo(content);
      for (int at = content.limit(); at < left.length; at++) {
        assertThat(left[at]).isZero();
      }
    }
    assertThat(file()).hasSize(content.limit());
    Files.write(file(), left);
    try (PackFile pack = medium().openPack(1, true)) {
      assertThat(pack.size()).isEqualTo(left.length);
      pack.truncate(content.limit());
      pack.append(bytes(10, 4), content.limit());
      pack.seal();
    }
    assertThat(file()).hasSize(content.limit() + 10);
  }

  @Test
  void largeAppendsGetNoRoomAhead() throws IOException {
    try (PackFile pack = medium().createPack(1, 0)) {
      for (int at = 0; at < 40 << 20; at += 4 << 20) {
        pack.append(bytes(4 << 20, at), at);
        pack.force();
        assertThat(file()).hasSize(at + (4 << 20));
      }
    }
  }

  @Test
  void whereThereIsLittleRoomNoneIsTakenAhead() throws IOException {
    medium().close();
    try (Medium small = open(OptionalLong.of(1 << 20), Map.of());
        PackFile pack = small.createPack(1, 0)) {
      for (int at = 0; at < 60 * 4096; at += 4096) {
        pack.append(bytes(4096, at), at);
        pack.force();
        assertThat(Files.size(file()) - pack.size()).isLessThanOrEqualTo(16 << 10);
      }
    }
  }

  @Test
  void nothingIsWrittenIntoTheMountPointOfAMediumThatIsGone() throws IOException {
    medium().replaceSuperblock(0, bytes(10, 1));
    medium().createPack(1, 0).close();
    Files.move(folder(), temporary.resolve("elsewhere"));
    Files.createDirectory(folder());
    assertThatThrownBy(() -> medium().replaceSuperblock(1, bytes(10, 1)))
        .isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(() -> medium().createPack(2, 0)).isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(() -> medium().deletePack(1)).isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(() -> medium().capacity()).isInstanceOf(MediumGoneException.class);
    try (Stream<Path> files = Files.list(folder())) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void tmpfsRefusesDirectReadsAndIsReadAnyway() throws IOException {
    Path shm = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shm));
    Path folder = Files.createTempDirectory(shm, "larder-test");
    try (Medium medium = driver().open(at(folder));
        PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(65536, 1), 0);
      ByteBuffer target = direct(65536, 4096);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(65536);
      assertThat(target.flip()).isEqualTo(bytes(65536, 1));
      assertThat(medium.probe(Runnable::run, Cancellation.NEVER).writeBytesPerSecond())
          .isPositive();
    } finally {
      for (String name : new String[] {".lock", "pack-0000000000000001.lpk", ""}) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
  }

  @Test
  void bothOptionsOfReadingGiveTheSame() throws IOException {
    medium().close();
    try (Medium plain = open(OptionalLong.empty(), Map.of("direct", "false"));
        PackFile pack = plain.createPack(1, 0)) {
      pack.append(bytes(65536, 1), 0);
      ByteBuffer target = direct(65536, 4096);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(65536);
      assertThat(target.flip()).isEqualTo(bytes(65536, 1));
    }
  }
}
