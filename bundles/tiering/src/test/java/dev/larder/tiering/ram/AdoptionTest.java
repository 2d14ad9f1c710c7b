package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A RAM cache on the folder of one before it. */
class AdoptionTest {

  private static final int SIZE = 300_000;
  private static final long LIMIT = 10L * SIZE;

  private RamTestFolder test;
  private RamCache ram;

  @BeforeEach
  void open() throws IOException {
    test = new RamTestFolder();
    ram = open(LIMIT);
  }

  private RamCache open(long limit) throws LarderException {
    return RamCache.open(
        RamSettings.of(test.ram(), limit),
        RamTestFolder.builtIn(),
        EvictionListener.NONE,
        test.base().resolve("ram.ledger"),
        Runnable::run,
        System::nanoTime);
  }

  private void restart() throws IOException {
    restart(LIMIT);
  }

  private void restart(long limit) throws IOException {
    ram.close();
    ram = open(limit);
  }

  @AfterEach
  void close() throws IOException {
    ram.close();
    test.close();
  }

  private static byte[] content(int number) {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      bytes[i] = (byte) (i * number + (i >> 8));
    }
    return bytes;
  }

  private static Digest digest(int number) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(content(number)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Reference reference(int number) {
    return Reference.parse("models/m" + number);
  }

  private Digest load(int number) throws IOException {
    RamFile file = ram.reserve(digest(number), SIZE, Cancellation.NEVER);
    file.accept(0, ByteBuffer.wrap(content(number)));
    ram.publish(file, 1);
    ram.unhold(file.digest(), true);
    return file.digest();
  }

  private Digest activate(int number) throws IOException {
    Digest digest = load(number);
    ram.activate(reference(number), digest);
    return digest;
  }

  private Optional<String> lease(int number) throws LarderException {
    return ram.lease(digest(number), LeaseTerms.of(reference(number), Duration.ofMinutes(1)), true);
  }

  private void check(int number) {
    ram.check(digest(number), Pace.UNLIMITED, Cancellation.NEVER);
  }

  private Path link(int number) {
    return test.ram().resolve("active/models/m" + number + ":latest");
  }

  /** Changes a file behind the cache's back and leaves its mode as it was. */
  private void change(Digest digest, byte[] bytes) throws IOException {
    Path file = ram.path(digest);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> files = Files.walk(test.ram())) {
      return files.map(path -> test.ram().relativize(path).toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsServedAgainOnceItWasChecked() throws Exception {
    Digest one = activate(1);
    restart();
    assertThat(link(1).toRealPath()).isEqualTo(ram.path(one).toRealPath());
    assertThat(ram.unchecked()).containsExactly(one);
    assertThat(lease(1)).isEmpty();
    assertThat(ram.hold(one)).isFalse();
    assertThat(ram.usage().usedBytes()).isEqualTo(SIZE);
    check(1);
    assertThat(ram.unchecked()).isEmpty();
    assertThat(lease(1)).isPresent();
    assertThat(ram.active(reference(1))).hasValue(one);
    assertThat(ram.path(one)).hasBinaryContent(content(1));
  }

  @Test
  void aDamagedFileGoesWithItsLinks() throws Exception {
    byte[] wrong = content(1);
    wrong[SIZE - 1]++;
    byte[] cut = java.util.Arrays.copyOf(content(2), SIZE - 1);
    byte[] longer = java.util.Arrays.copyOf(content(3), SIZE + 1);
    byte[][] damaged = {wrong, cut, longer};
    for (int number = 1; number <= damaged.length; number++) {
      change(activate(number), damaged[number - 1]);
    }
    restart();
    for (int number = 1; number <= damaged.length; number++) {
      check(number);
      assertThat(lease(number)).isEmpty();
      assertThat(ram.path(digest(number))).doesNotExist();
      assertThat(Files.exists(link(number), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
    assertThat(ram.usage().usedBytes()).isZero();
    assertThat(tree()).containsExactly("", RamFolder.LOCK, "active", "blobs", "tmp");
    load(1);
    assertThat(lease(1)).isPresent();
  }

  @Test
  void aFileThatGrowsWhileItIsCheckedIsDamaged() throws Exception {
    Digest one = load(1);
    restart();
    change(one, java.util.Arrays.copyOf(content(1), SIZE + 1));
    check(1);
    assertThat(ram.isResident(one)).isFalse();
  }

  @Test
  void whatIsNoFileOfOursIsRemoved() throws Exception {
    Digest one = load(1);
    Path blobs = test.ram().resolve("blobs");
    Path outside = Files.write(test.base().resolve("precious"), content(2));
    Files.createSymbolicLink(blobs.resolve(digest(2).toString()), outside);
    Files.createDirectories(blobs.resolve(digest(3).toString()).resolve("in"));
    Files.write(blobs.resolve(digest(4).toString()), content(4)); // may be written to
    Files.write(blobs.resolve("other"), content(5));
    restart();
    assertThat(ram.digests()).containsExactly(one);
    assertThat(blobs).isDirectoryContaining(path -> path.equals(ram.path(one)));
    assertThat(Files.list(blobs)).hasSize(1);
    assertThat(outside).hasBinaryContent(content(2));
  }

  @Test
  void aFileOfAnotherUserIsRemoved() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    Digest one = load(1);
    Files.setAttribute(ram.path(one), "unix:uid", 65534);
    restart();
    assertThat(ram.digests()).isEmpty();
    assertThat(ram.path(one)).doesNotExist();
  }

  @Test
  void linksThatLeadToNoFileOfTheCacheAreRemoved() throws Exception {
    Digest one = activate(1);
    Path active = test.ram().resolve("active");
    Path outside = Files.write(test.base().resolve("precious"), content(2));
    Files.createSymbolicLink(active.resolve("dangling:latest"), Path.of("../blobs/" + digest(9)));
    Files.createSymbolicLink(active.resolve("elsewhere:latest"), outside);
    Files.createSymbolicLink(active.resolve("absolute:latest"), ram.path(one));
    Files.createSymbolicLink(active.resolve("-no reference"), Path.of("../blobs/" + one));
    Files.createSymbolicLink(active.resolve("no-tag"), Path.of("../blobs/" + one));
    Files.createFile(active.resolve("file:latest"));
    Files.createDirectories(active.resolve("a/b/c"));
    restart();
    assertThat(tree())
        .containsExactly(
            "",
            RamFolder.LOCK,
            "active",
            "active/models",
            "active/models/m1:latest",
            "blobs",
            "blobs/" + one,
            "tmp");
    assertThat(outside).exists();
  }

  @Test
  void whatWasUnderWayIsRemoved() throws Exception {
    Digest one = activate(1);
    RamFile half = ram.reserve(digest(2), SIZE, Cancellation.NEVER);
    half.accept(0, ByteBuffer.allocate(10));
    Path tmp = test.ram().resolve("tmp");
    Files.createSymbolicLink(tmp.resolve("link-0"), Path.of("../blobs/" + one));
    Files.write(tmp.resolve("evicted-7"), content(3));
    Path copy = test.base().resolve("copy"); // the lock is on the inode of the first
    copyTree(test.ram(), copy);
    ram.close();
    removeTree(test.ram());
    Files.move(copy, test.ram());
    ram = open(LIMIT);
    assertThat(tmp).isEmptyDirectory();
    assertThat(ram.digests()).containsExactly(one);
    assertThat(ram.usage().usedBytes()).isEqualTo(SIZE);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static void removeTree(Path tree) throws IOException {
    Leftovers.deleteTree(tree);
  }

  @Test
  void underALowerLimitWhatIsActiveAndNewStays() throws Exception {
    Digest active = activate(1);
    for (int number = 2; number <= 4; number++) {
      Digest digest = load(number);
      Files.setLastModifiedTime(ram.path(digest), FileTime.fromMillis(number * 1_000_000L));
    }
    Files.setLastModifiedTime(ram.path(active), FileTime.fromMillis(0));
    restart(2L * SIZE + 1);
    assertThat(ram.digests()).containsExactlyInAnyOrder(active, digest(4));
    assertThat(ram.path(digest(2))).doesNotExist();
    assertThat(ram.path(digest(3))).doesNotExist();
    check(1);
    check(4);
    lease(1);
    load(5);
    assertThat(ram.digests()).containsExactlyInAnyOrder(active, digest(5));
    assertThat(ram.usage().usedBytes()).isEqualTo(2L * SIZE);
  }

  @Test
  void whatIsNotCheckedYetMakesRoomToo() throws Exception {
    load(1);
    restart(SIZE);
    load(2);
    assertThat(ram.digests()).containsExactly(digest(2));
    check(1); // gone meanwhile: nothing to do
    assertThat(ram.digests()).containsExactly(digest(2));
  }

  @Test
  void aCheckEndsWhenAnotherHasDecided() throws Exception {
    Digest one = load(1);
    restart();
    long[] seen = {0};
    ram.check(
        one,
        bytes -> {
          if (seen[0] == 0) {
            check(1);
          }
          seen[0] += bytes;
        },
        Cancellation.NEVER);
    assertThat(seen[0]).isLessThan(SIZE);
    assertThat(lease(1)).isPresent();
  }

  @Test
  void aCheckThatIsCancelledDecidesNothing() throws Exception {
    Digest one = load(1);
    restart();
    assertThatThrownBy(() -> ram.check(one, Pace.UNLIMITED, () -> true))
        .isInstanceOf(CancellationException.class);
    assertThat(ram.unchecked()).containsExactly(one);
    assertThat(ram.path(one)).exists();
  }
}
