package dev.larder.tiering.swap;

import static dev.larder.tiering.swap.FakeSource.digest;
import static dev.larder.tiering.swap.FakeSource.reference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.SwapTimeoutException;
import dev.larder.tiering.ram.EvictionListener;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamSettings;
import dev.larder.tiering.ram.RamTestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SwapperTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int SIZE = 100_000;

  private final FakeSource source = new FakeSource();
  private final ExecutorService loaders = Executors.newFixedThreadPool(2);
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private RamTestFolder test;
  private RamCache ram;
  private Swapper swapper;

  @BeforeEach
  void open() throws IOException {
    test = new RamTestFolder();
    ram =
        RamCache.open(
            RamSettings.of(test.ram(), 10 * SIZE),
            RamTestFolder.builtIn(),
            EvictionListener.NONE,
            test.base().resolve("ram.ledger"),
            Runnable::run,
            System::nanoTime);
    swapper =
        new Swapper(
            source,
            ram,
            loaders,
            (request, result, kind) -> events.add(request.reference() + " " + result.level()),
            System::nanoTime);
    for (int i = 1; i <= 20; i++) {
      source.put(i, SIZE);
    }
  }

  @AfterEach
  void close() throws Exception {
    swapper.close();
    loaders.shutdown();
    callers.shutdown();
    assertThat(loaders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    ram.close();
    test.close();
  }

  private static SwapRequest request(int number) {
    return SwapRequest.of(reference(number)).withTimeout(LONG);
  }

  private Path link(int number) {
    return test.ram().resolve("active").resolve(reference(number).toString());
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  @Test
  void theFirstSwapLoadsTheSecondIsAHit() throws Exception {
    SwapResult first = swapper.swap(request(1));
    SwapResult second = swapper.swap(request(1));
    assertThat(first.level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(first.bytesRead()).isEqualTo(SIZE / 2);
    assertThat(first.bytesReused()).isEqualTo(7);
    assertThat(second.level()).isEqualTo(SwapLevel.RAM);
    assertThat(second.bytesRead()).isZero();
    assertThat(second.path()).isEqualTo(first.path());
    assertThat(second.lease()).isNotEqualTo(first.lease());
    assertThat(Files.size(first.path())).isEqualTo(SIZE);
    assertThat(Files.readAllBytes(first.path())[70_000])
        .isEqualTo(FakeSource.at(digest(1), 70_000));
    assertThat(link(1).toRealPath()).isEqualTo(first.path().toRealPath());
    assertThat(source.loads).hasValue(1);
    assertThat(events).containsExactly(reference(1) + " STORAGE", reference(1) + " RAM");
    SwapFigures figures = swapper.figures();
    assertThat(figures.hits()).isEqualTo(1);
    assertThat(figures.misses()).isEqualTo(1);
    assertThat(figures.hitBytes()).isEqualTo(SIZE);
    assertThat(figures.missBytes()).isEqualTo(SIZE);
    assertThat(figures.latencies().get(SwapLevel.RAM).count()).isEqualTo(1);
    assertThat(figures.latencies().get(SwapLevel.CACHE).count()).isZero();
  }

  @Test
  void figuresSinceAMark() throws Exception {
    swapper.swap(request(1));
    SwapFigures mark = swapper.figures();
    swapper.swap(request(1));
    SwapFigures since = swapper.figures().since(mark);
    assertThat(since.hits()).isEqualTo(1);
    assertThat(since.misses()).isZero();
    assertThat(since.latencies().get(SwapLevel.RAM).count()).isEqualTo(1);
    assertThat(since.latencies().get(SwapLevel.STORAGE).count()).isZero();
  }

  @Test
  void unknownReferencesAndProcessesAreNamed() {
    assertThatThrownBy(() -> swapper.swap(SwapRequest.of(Reference.parse("none"))))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("none:latest");
    SwapRequest noProcess =
        new SwapRequest(reference(1), LONG, LONG, false, OptionalLong.of(Integer.MAX_VALUE));
    assertThatThrownBy(() -> swapper.swap(noProcess))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("process");
    assertThat(source.loads).hasValue(0);
  }

  @Test
  void concurrentSwapsShareOneLoad() throws Exception {
    CountDownLatch gate = source.stop(1);
    List<Future<SwapResult>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(callers.submit(() -> swapper.swap(request(1))));
    }
    await(() -> source.loads.get() == 1);
    Thread.sleep(20);
    gate.countDown();
    for (Future<SwapResult> caller : waiting) {
      SwapResult result = caller.get(20, TimeUnit.SECONDS);
      assertThat(result.path()).exists();
    }
    assertThat(source.loads).hasValue(1);
    assertThat(swapper.leases()).hasSize(8);
    await(() -> swapper.loading() == 0);
  }

  @Test
  void aTimeoutTellsTheProgressAndTheLoadGoesOn() throws Exception {
    CountDownLatch gate = source.stop(1);
    assertThatThrownBy(() -> swapper.swap(request(1).withTimeout(Duration.ofMillis(100))))
        .isInstanceOfSatisfying(
            SwapTimeoutException.class,
            e -> {
              assertThat(e.totalBytes()).isEqualTo(SIZE);
              assertThat(e.loadedBytes()).isEqualTo(SIZE / FakeSource.BLOCK * FakeSource.BLOCK);
            });
    assertThat(swapper.loading()).isEqualTo(1);
    assertThat(ram.inUse()).containsExactly(digest(1));
    gate.countDown();
    await(() -> swapper.loading() == 0);
    assertThat(ram.isResident(digest(1))).isTrue();
    assertThat(swapper.leases()).isEmpty();
    assertThat(Files.exists(link(1))).isFalse();
    assertThat(ram.inUse()).isEmpty();
    assertThat(swapper.swap(request(1)).level()).isEqualTo(SwapLevel.RAM);
    assertThat(source.loads).hasValue(1);
  }

  @Test
  void aTimeoutOfZeroServesWhatIsThere() throws Exception {
    CountDownLatch gate = source.stop(1);
    assertThatThrownBy(() -> swapper.swap(request(1).withTimeout(Duration.ZERO)))
        .isInstanceOf(SwapTimeoutException.class);
    gate.countDown();
    await(() -> swapper.loading() == 0);
    assertThat(swapper.swap(request(1).withTimeout(Duration.ZERO)).level())
        .isEqualTo(SwapLevel.RAM);
  }

  @Test
  void aFailedLoadGivesAllWaitersTheTypedErrorAndLeavesNothing() throws Exception {
    LarderException corrupt = new LarderException(ErrorCode.CORRUPT, "block 3 is bad", "scrub");
    List<Throwable> failures =
        List.of(
            corrupt, new IOException("EIO"), new IllegalStateException("bug"), new Error("bad"));
    List<ErrorCode> codes =
        List.of(ErrorCode.CORRUPT, ErrorCode.IO_ERROR, ErrorCode.INTERNAL, ErrorCode.INTERNAL);
    for (int i = 0; i < failures.size(); i++) {
      int number = i + 1;
      source.failures.put(digest(number), failures.get(i));
      CountDownLatch gate = source.stop(number);
      List<Future<SwapResult>> waiting = new ArrayList<>();
      for (int j = 0; j < 3; j++) {
        waiting.add(callers.submit(() -> swapper.swap(request(number))));
      }
      await(() -> source.loads.get() == number);
      Thread.sleep(20);
      gate.countDown();
      for (Future<SwapResult> caller : waiting) {
        ErrorCode code = codes.get(i);
        assertThatThrownBy(caller::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOfSatisfying(
                LarderException.class, e -> assertThat(e.code()).isEqualTo(code));
      }
    }
    await(() -> swapper.loading() == 0);
    assertThat(ram.usage().usedBytes()).isZero();
    assertThat(test.ram().resolve("tmp")).isEmptyDirectory();
    assertThat(test.ram().resolve("blobs")).isEmptyDirectory();
    assertThat(swapper.leases()).isEmpty();
    source.failures.clear();
    assertThat(swapper.swap(request(1)).level()).isEqualTo(SwapLevel.STORAGE); // works again
  }

  @Test
  void whatIsTooLargeIsRefused() {
    source.put(1, 10 * SIZE + 1);
    assertThatThrownBy(() -> swapper.swap(request(1)))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE_FOR_RAM));
  }

  @Test
  void allLeasedMeansFull() throws Exception {
    for (int i = 1; i <= 10; i++) {
      swapper.swap(request(i));
    }
    assertThatThrownBy(() -> swapper.swap(request(11)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RAM_FULL))
        .hasMessageContaining(reference(3).toString());
    assertThat(swapper.release(reference(3))).isEqualTo(1);
    assertThat(swapper.swap(request(11)).level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(ram.isResident(digest(3))).isFalse();
  }

  @Test
  void aReferenceThatChangesIsFlipped() throws Exception {
    Path before = swapper.swap(request(1)).path();
    source.put(reference(1), digest(2), SIZE);
    Path after = swapper.swap(request(1)).path();
    assertThat(after).isNotEqualTo(before);
    assertThat(link(1).toRealPath()).isEqualTo(after.toRealPath());
    assertThat(before).exists(); // still leased
    assertThat(swapper.release(reference(1))).isEqualTo(2);
  }

  @Test
  void evictionByReference() throws Exception {
    SwapResult result = swapper.swap(request(1));
    assertThat(swapper.evict(reference(1)).leased()).containsExactly(reference(1));
    swapper.release(result.lease());
    assertThat(swapper.evict(reference(1)).evicted()).containsExactly(digest(1));
    assertThat(swapper.evict(reference(1)).evicted()).isEmpty();
    assertThatThrownBy(() -> swapper.evict(Reference.parse("none")))
        .isInstanceOf(LarderException.class);
    swapper.release(swapper.swap(request(2)).lease());
    source.remove(2);
    assertThat(swapper.evict(reference(2)).evicted()).containsExactly(digest(2));
  }

  @Test
  void whatIsActiveCanBeEvictedWhileItsTierIsAbsent() throws Exception {
    swapper.release(swapper.swap(request(1)).lease());
    source.absent = true;
    assertThatThrownBy(() -> swapper.evict(reference(2)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIER_ABSENT));
    assertThat(swapper.evict(reference(1)).evicted()).containsExactly(digest(1));
  }

  @Test
  void emptyAndTinyArtifactsWork() throws Exception {
    source.put(1, 0);
    source.put(2, 1);
    assertThat(Files.size(swapper.swap(request(1)).path())).isZero();
    assertThat(Files.size(swapper.swap(request(2)).path())).isEqualTo(1);
  }

  @Test
  void closingEndsTheLoadsUnderWay() throws Exception {
    source.stop(1);
    Future<SwapResult> waiting = callers.submit(() -> swapper.swap(request(1)));
    await(() -> source.loads.get() == 1);
    swapper.close();
    assertThatThrownBy(waiting::get)
        .cause()
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThatThrownBy(() -> swapper.swap(request(2))).hasMessageContaining("stopping");
    await(() -> swapper.loading() == 0);
    assertThat(ram.usage().usedBytes()).isZero();
  }

  @Test
  void loadersThatTakeNothingMoreAreATypedError() {
    loaders.shutdown();
    assertThatThrownBy(() -> swapper.swap(request(1)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(swapper.loading()).isZero();
  }

  @Test
  void aResidentSwapTakesFarLessThanAMillisecond() throws Exception {
    swapper.swap(request(1));
    swapper.swap(request(2));
    for (int i = 0; i < 20_000; i++) {
      source.put(reference(1), digest(1 + i % 2), SIZE); // flips the link each time
      swapper.release(swapper.swap(request(1)).lease());
    }
    SwapFigures mark = swapper.figures();
    for (int i = 0; i < 10_000; i++) {
      source.put(reference(1), digest(1 + i % 2), SIZE);
      swapper.release(swapper.swap(request(1)).lease());
    }
    long p99 = swapper.figures().since(mark).latencies().get(SwapLevel.RAM).p99Nanos();
    System.out.println("resident swap with flip: p99 " + p99 / 1000 + " µs");
    assertThat(p99).isLessThan(1_000_000);
  }

  @Test
  void aCallerThatIsInterruptedLeavesTheLoadAlone() throws Exception {
    CountDownLatch gate = source.stop(1);
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                swapper.swap(request(1));
                outcome.complete(null);
              } catch (IOException e) {
                outcome.complete(e);
              }
            });
    caller.start();
    await(() -> source.loads.get() == 1);
    caller.interrupt();
    assertThat(outcome.get(5, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
    gate.countDown();
    await(() -> ram.isResident(digest(1)));
  }
}
