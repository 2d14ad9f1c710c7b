package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Evictions;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.RamFullException;
import dev.larder.api.Reference;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RamCacheTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicLong clock = new AtomicLong(-5); // nanoTime may be negative
  private final List<Digest> evicted = new ArrayList<>();
  private final Map<Long, Long> processes = new ConcurrentHashMap<>();
  private RamTestFolder test;
  private RamCache ram;

  @BeforeEach
  void open() throws IOException {
    test = new RamTestFolder();
    ram = open(100, Duration.ofMillis(200));
  }

  private RamCache open(long limit, Duration roomWait) throws LarderException {
    return RamCache.open(
        new RamSettings(
            test.ram(), limit, Optional.empty(), new MachineMemory(Path.of("/")), roomWait),
        RamTestFolder.builtIn(),
        (digest, size, cause) -> evicted.add(digest),
        Optional.of(test.base().resolve("ram.ledger")),
        Runnable::run,
        clock::get,
        pid ->
            processes.containsKey(pid)
                ? OptionalLong.of(processes.get(pid))
                : OptionalLong.empty());
  }

  @AfterEach
  void close() throws IOException {
    ram.close();
    test.close();
  }

  private static Digest digest(int number) {
    return new Digest(number, 7, 7, 7);
  }

  private static Reference reference(int number) {
    return Reference.parse("models/m" + number);
  }

  private RamFile write(int number, int size) throws IOException {
    RamFile file = ram.reserve(digest(number), size, Cancellation.NEVER);
    file.accept(0, ByteBuffer.allocate(size));
    return file;
  }

  private void load(int number, int size) throws IOException {
    ram.publish(write(number, size), 1_000);
    ram.unhold(digest(number), true);
  }

  private String lease(int number) throws LarderException {
    return ram.lease(digest(number), LeaseTerms.of(reference(number), MINUTE), true).orElseThrow();
  }

  private String activate(int number) throws IOException {
    String lease = lease(number);
    ram.activate(reference(number), digest(number));
    return lease;
  }

  private Path link(int number) {
    return test.ram().resolve("active/models/m" + number + ":latest");
  }

  private long evictions(EvictionCause cause) {
    return ram.usage().evictions().get(cause);
  }

  @Test
  void whatIsNotHereCannotBeLeased() throws Exception {
    assertThat(ram.lease(digest(1), LeaseTerms.of(reference(1), MINUTE), true)).isEmpty();
    load(1, 10);
    assertThat(lease(1)).matches("[0-9a-f]{12}");
    assertThat(ram.path(digest(1))).exists();
    assertThat(ram.usage().usedBytes()).isEqualTo(10);
  }

  @Test
  void theLinkLeadsToTheFileAndGoesWithIt() throws Exception {
    load(1, 10);
    String lease = activate(1);
    assertThat(Files.isSymbolicLink(link(1))).isTrue();
    assertThat(Files.readSymbolicLink(link(1)).isAbsolute()).isFalse();
    assertThat(link(1).toRealPath()).isEqualTo(ram.path(digest(1)).toRealPath());
    ram.release(lease);
    assertThat(ram.evict(List.of(digest(1))).evicted()).containsExactly(digest(1));
    assertThat(Files.exists(link(1), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(test.ram().resolve("active")).isEmptyDirectory();
    assertThat(ram.path(digest(1))).doesNotExist();
    assertThat(ram.active(reference(1))).isEmpty();
    assertThat(test.ram().resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void theLinkIsFlippedAndStaysWhenTheOldFileGoes() throws Exception {
    load(1, 10);
    load(2, 10);
    ram.release(activate(1));
    String second = lease(2);
    ram.activate(reference(1), digest(2));
    ram.evict(List.of(digest(1)));
    assertThat(link(1).toRealPath()).isEqualTo(ram.path(digest(2)).toRealPath());
    ram.release(second);
    ram.forget(reference(1));
    assertThat(Files.exists(link(1), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(ram.isResident(digest(2))).isTrue();
  }

  @Test
  void aReferenceTooLongForAFileNameHasNoLinkButWorks() throws Exception {
    load(1, 10);
    Reference longest = new Reference("n".repeat(255), "t".repeat(128));
    assertThat(ram.lease(digest(1), LeaseTerms.of(longest, MINUTE), true)).isPresent();
    ram.activate(longest, digest(1));
    assertThat(ram.health()).singleElement().asString().contains("too long");
    Reference fits = new Reference("d/".repeat(60) + "n".repeat(120), "t".repeat(128));
    ram.activate(fits, digest(1));
    assertThat(test.ram().resolve("active").resolve(fits.toString())).exists();
  }

  @Test
  void theLeastValuableGoesWhenRoomIsNeeded() throws Exception {
    load(1, 40);
    load(2, 40);
    ram.release(lease(1));
    load(3, 40);
    assertThat(evicted).containsExactly(digest(2));
    assertThat(evictions(EvictionCause.PRESSURE)).isEqualTo(1);
    assertThat(ram.usage().usedBytes()).isEqualTo(80);
  }

  @Test
  void noMoreThanNeededIsEvicted() throws Exception {
    for (int i = 0; i < 10; i++) {
      load(i, 10);
    }
    load(10, 25);
    assertThat(evicted).containsExactly(digest(0), digest(1), digest(2));
    assertThat(ram.usage().usedBytes()).isEqualTo(95);
  }

  @Test
  void whatIsLeasedStaysAndIsNamedWhenNothingFits() throws Exception {
    load(1, 60);
    load(2, 40);
    String first = lease(1);
    String second = lease(2);
    assertThatThrownBy(() -> load(3, 50))
        .isInstanceOf(RamFullException.class)
        .hasMessageContainingAll(first, second, "models/m1:latest", "models/m2:latest");
    ram.release(second);
    assertThatThrownBy(() -> load(3, 50)).isInstanceOf(RamFullException.class);
    load(4, 40);
    assertThat(ram.isResident(digest(1))).isTrue();
    assertThat(ram.usage().usedBytes()).isEqualTo(100);
  }

  @Test
  void tooLargeIsRefusedAtOnceAndNothingGoes() throws Exception {
    load(1, 60);
    assertThatThrownBy(() -> load(2, 101))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE_FOR_RAM));
    assertThat(evicted).isEmpty();
    load(3, 100); // exactly the limit
    assertThat(ram.usage().usedBytes()).isEqualTo(100);
  }

  @Test
  void emptyArtifactsWork() throws Exception {
    load(1, 0);
    String lease = activate(1);
    assertThat(link(1)).isEmptyFile();
    ram.release(lease);
    load(2, 100);
    assertThat(ram.isResident(digest(1))).isTrue(); // evicting it would make no room
    assertThat(ram.evictAll().evicted()).containsExactlyInAnyOrder(digest(1), digest(2));
  }

  @Test
  void aLoadThatFailsLeavesNothing() throws Exception {
    RamFile file = ram.reserve(digest(1), 50, Cancellation.NEVER);
    file.accept(0, ByteBuffer.allocate(20));
    assertThatThrownBy(() -> ram.publish(file, 1)).hasMessageContaining("only 20 of 50 bytes");
    ram.abandon(file);
    assertThat(ram.usage().usedBytes()).isZero();
    assertThat(ram.inUse()).isEmpty();
    assertThat(test.ram().resolve("tmp")).isEmptyDirectory();
    assertThat(test.ram().resolve("blobs")).isEmptyDirectory();
  }

  @Test
  void whatWasJustLoadedIsHeldForThoseWhoWait() throws Exception {
    ram.publish(write(1, 60), 1_000);
    assertThat(ram.evictAll().evicted()).isEmpty();
    assertThat(ram.inUse()).containsExactly(digest(1));
    assertThat(ram.isResident(digest(1))).isTrue();
    ram.unhold(digest(1), true);
    assertThat(ram.inUse()).isEmpty();
    assertThat(ram.isResident(digest(1))).as("evicted as was asked").isFalse();
  }

  @Test
  void aLoadWaitsForRoomThatAnotherWillGiveBack() throws Exception {
    ram.close();
    ram = open(100, Duration.ofSeconds(30));
    RamFile first = write(1, 80);
    CompletableFuture<Void> second =
        CompletableFuture.runAsync(
            () -> {
              try {
                load(2, 50);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    Thread.sleep(50);
    assertThat(second).isNotDone();
    ram.abandon(first);
    second.get(5, TimeUnit.SECONDS);
    assertThat(ram.isResident(digest(2))).isTrue();
  }

  @Test
  void aLoadThatWaitsInVainFails() throws Exception {
    RamFile first = write(1, 80);
    CompletableFuture<Throwable> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                load(2, 50);
                return null;
              } catch (IOException e) {
                return e;
              }
            });
    Thread.sleep(20);
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(second.get(5, TimeUnit.SECONDS)).isInstanceOf(RamFullException.class);
    ram.abandon(first);
  }

  @Test
  void leasesEndWithTheirTime() throws Exception {
    load(1, 60);
    String id = lease(1);
    assertThat(ram.leases())
        .containsExactly(
            new Lease(id, reference(1), digest(1), Optional.of(MINUTE), OptionalLong.empty()));
    clock.addAndGet(MINUTE.toNanos() - 1);
    assertThat(ram.leases()).hasSize(1);
    clock.addAndGet(1);
    load(2, 60); // nobody has called tick() or leases()
    assertThat(evicted).containsExactly(digest(1));
    assertThat(ram.leases()).isEmpty();
    assertThatThrownBy(() -> ram.release(id))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void leasesCanBeRenewedAndPinned() throws Exception {
    load(1, 10);
    String id = lease(1);
    LeaseTerms pinned =
        new LeaseTerms(reference(1), true, MINUTE, OptionalLong.empty(), OptionalLong.empty());
    String pin = ram.lease(digest(1), pinned, true).orElseThrow();
    assertThat(ram.renew(id, Duration.ofHours(1)).remaining()).contains(Duration.ofHours(1));
    assertThat(ram.renew(pin, Duration.ZERO).remaining()).isEmpty();
    clock.addAndGet(Duration.ofMinutes(30).toNanos());
    ram.tick();
    assertThat(ram.leases()).extracting(Lease::id).containsExactly(id, pin);
    ram.renew(id, Duration.ofSeconds(1));
    clock.addAndGet(Duration.ofDays(300).toNanos());
    ram.tick();
    assertThat(ram.leases()).extracting(Lease::id).containsExactly(pin);
    assertThatThrownBy(() -> ram.renew(id, MINUTE)).isInstanceOf(LarderException.class);
    ram.release(pin);
    assertThat(ram.isLeased(digest(1))).isFalse();
  }

  @Test
  void leasesEndWithTheirProcess() throws Exception {
    load(1, 10);
    load(2, 10);
    processes.put(11L, 100L);
    processes.put(12L, 100L);
    for (int i = 1; i <= 2; i++) {
      OptionalLong pid = OptionalLong.of(10 + i);
      LeaseTerms terms = new LeaseTerms(reference(i), true, MINUTE, pid, ram.startOf(pid));
      assertThat(ram.lease(digest(i), terms, true)).isPresent();
    }
    assertThatThrownBy(() -> ram.startOf(OptionalLong.of(99)))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("99");
    ram.tick();
    assertThat(ram.leases()).hasSize(2);
    processes.remove(11L);
    processes.put(12L, 200L); // the number was given out again
    load(3, 95); // looks at the processes before it says that all is leased
    assertThat(ram.leases()).isEmpty();
  }

  @Test
  void allLeasesOfAReferenceCanBeReleased() throws Exception {
    load(1, 10);
    load(2, 10);
    lease(1);
    lease(1);
    lease(2);
    assertThat(ram.release(reference(1))).isEqualTo(2);
    assertThat(ram.release(reference(1))).isZero();
    assertThat(ram.isLeased(digest(1))).isFalse();
    assertThat(ram.isLeased(digest(2))).isTrue();
  }

  @Test
  void evictAllSkipsAndNamesWhatIsLeased() throws Exception {
    load(1, 10);
    load(2, 10);
    lease(2);
    assertThat(ram.evictAll()).isEqualTo(new Evictions(List.of(digest(1)), List.of(reference(2))));
    assertThat(evictions(EvictionCause.REQUEST)).isEqualTo(1);
  }

  @Test
  void whatWasDeletedGoesWithItsLastLease() throws Exception {
    load(1, 10);
    String first = lease(1);
    String second = lease(1);
    ram.discard(digest(1));
    ram.release(first);
    assertThat(ram.isResident(digest(1))).isTrue();
    ram.release(second);
    assertThat(ram.isResident(digest(1))).isFalse();
    assertThat(evictions(EvictionCause.DELETED)).isEqualTo(1);
    assertThat(ram.record(digest(1))).isEmpty();
    load(2, 10);
    ram.discard(digest(2));
    assertThat(ram.isResident(digest(2))).isFalse();
  }

  @Test
  void whatIsToBeEvictedWhileALoadTakesFromItGoesAfterwards() throws Exception {
    load(1, 10);
    assertThat(ram.hold(digest(1))).isTrue();
    assertThat(ram.evictAll()).isEqualTo(new Evictions(List.of(), List.of()));
    assertThat(ram.isResident(digest(1))).isTrue();
    ram.unhold(digest(1), false);
    assertThat(ram.isResident(digest(1))).isFalse();
    assertThat(evictions(EvictionCause.REQUEST)).isEqualTo(1);
    load(2, 10);
    assertThat(ram.hold(digest(2))).isTrue();
    ram.evictAll();
    String lease = lease(2); // somebody wants it after all
    ram.unhold(digest(2), false);
    ram.release(lease);
    assertThat(ram.isResident(digest(2))).isTrue();
  }

  @Test
  void thousandsOfSwapsWithoutAReleaseDoNotFillTheMemory() throws Exception {
    load(1, 10);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(lease(1));
    }
    assertThat(ram.leases()).hasSizeLessThanOrEqualTo(LeaseTable.SHARED_FROM + 1);
    for (String id : ids) {
      assertThat(ram.isLeased(digest(1))).isTrue();
      ram.release(id);
    }
    assertThat(ram.isLeased(digest(1))).isFalse();
  }

  @Test
  void digestsThatShareTheirFirstHalfAreToldApart() throws Exception {
    Digest a = new Digest(1, 1, 1, 1);
    Digest b = new Digest(1, 1, 1, 2);
    for (Digest digest : List.of(a, b)) {
      RamFile file = ram.reserve(digest, 50, Cancellation.NEVER);
      file.accept(0, ByteBuffer.allocate(50));
      ram.publish(file, 1);
      ram.unhold(digest, true);
    }
    load(2, 100);
    assertThat(evicted).containsExactlyInAnyOrder(a, b);
  }

  @Test
  void aRestartKeepsTheOrderOfEviction() throws Exception {
    for (int i = 0; i < 5; i++) {
      load(i, 20);
    }
    for (int i : new int[] {4, 0, 3, 1, 2}) {
      ram.release(lease(i));
    }
    ram.close();
    ram = open(100, Duration.ofMillis(200));
    load(5, 20);
    load(6, 20);
    load(7, 20);
    assertThat(evicted).containsExactly(digest(4), digest(0), digest(3));
    assertThat(ram.record(digest(4)).orElseThrow().count(5)).isBetween(1.9, 2.0);
  }

  @Test
  void withoutItsHistoryARestartWorks() throws Exception {
    load(1, 50);
    load(2, 50);
    ram.close();
    Files.writeString(test.base().resolve("ram.ledger"), "nonsense");
    ram = open(100, Duration.ofMillis(200));
    load(3, 50);
    assertThat(evicted).hasSize(1);
  }

  @Test
  void whatTheMachineHasNotLeftIsNotTaken() throws Exception {
    assumeTrue(Files.getFileStore(test.base()).type().equals("tmpfs"));
    ram.close();
    Path meminfo = Files.createDirectories(test.base().resolve("root/proc")).resolve("meminfo");
    Files.writeString(meminfo, "MemAvailable: " + (64 << 10) + " kB\n"); // 32 MiB are spared
    ram =
        RamCache.open(
            new RamSettings(
                test.ram(),
                1 << 20,
                Optional.empty(),
                new MachineMemory(test.base().resolve("root")),
                Duration.ofMillis(100)),
            RamTestFolder.builtIn(),
            (digest, size, cause) -> {
              evicted.add(digest);
              grow(meminfo);
            },
            test.base().resolve("ram.ledger"),
            Runnable::run,
            clock::get);
    load(1, 2_000);
    Files.writeString(meminfo, "MemAvailable: " + ((32 << 10) + 1) + " kB\n");
    load(2, 2_000); // room is made for it, though the limit is far
    assertThat(evicted).containsExactly(digest(1));
    Files.writeString(meminfo, "MemAvailable: 100 kB\n");
    String lease = lease(2);
    assertThatThrownBy(() -> load(3, 1)).isInstanceOf(RamFullException.class);
    ram.release(lease);
    ram.evictAll();
    Files.writeString(meminfo, "MemAvailable: 100 kB\n");
    assertThatThrownBy(() -> load(3, 1))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RAM_FULL))
        .hasMessageContaining("control group");
  }

  private static void grow(Path meminfo) {
    try {
      Files.writeString(meminfo, "MemAvailable: " + (64 << 10) + " kB\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theLedgerRemembersReloadCost() throws Exception {
    ram.publish(write(1, 10), 5_000_000);
    ram.unhold(digest(1), true);
    assertThat(ram.record(digest(1)).orElseThrow().reloadMicros()).isEqualTo(5_000);
  }

  @Test
  void aMappedFileThatIsEvictedStaysReadable() throws Exception {
    RamFile file = ram.reserve(digest(1), 4, Cancellation.NEVER);
    file.accept(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    ram.publish(file, 1);
    ram.unhold(digest(1), true);
    try (var channel = java.nio.channels.FileChannel.open(ram.path(digest(1)))) {
      ByteBuffer mapped =
          channel.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, channel.size());
      ram.evictAll();
      assertThat(mapped.getInt()).isEqualTo(0x01020304);
    }
  }
}
