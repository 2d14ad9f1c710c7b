package dev.larder.tiering.swap;

import static dev.larder.tiering.swap.FakeSource.digest;
import static dev.larder.tiering.swap.FakeSource.reference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.ram.EvictionListener;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamSettings;
import dev.larder.tiering.ram.RamTestFolder;
import dev.larder.tiering.swap.ArtifactSource.Resolved;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Loads that nobody waits for, and those who come meanwhile. */
class PrefetchLoadTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int SIZE = 100_000;

  private final FakeSource source = new FakeSource();
  private final ExecutorService loaders = Executors.newFixedThreadPool(2);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Digest> loaded = new CopyOnWriteArrayList<>();
  private RamTestFolder test;
  private RamCache ram;
  private Swapper swapper;

  @BeforeEach
  void open() throws IOException {
    test = new RamTestFolder();
    ram =
        RamCache.open(
            RamSettings.of(test.ram(), 4 * SIZE),
            RamTestFolder.builtIn(),
            EvictionListener.NONE,
            test.base().resolve("ram.ledger"),
            Runnable::run,
            System::nanoTime);
    SwapListener listener =
        new SwapListener() {
          @Override
          public void loaded(Digest digest, SwapLevel level) {
            loaded.add(digest);
          }

          @Override
          public void swapped(SwapRequest request, SwapResult result, ArtifactKind kind) {
            // not looked at
          }
        };
    swapper = new Swapper(source, ram, loaders, listener, System::nanoTime);
    for (int i = 1; i <= 20; i++) {
      source.put(i, SIZE);
    }
  }

  @AfterEach
  void close() throws Exception {
    swapper.close();
    loaders.shutdown();
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(loaders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    ram.close();
    test.close();
  }

  private boolean prefetch(int number) {
    return swapper.prefetch(
        new Resolved(digest(number), SIZE, ArtifactKind.MODEL), Cancellation.NEVER);
  }

  private SwapResult swap(int number) throws IOException {
    SwapResult result = swapper.swap(SwapRequest.of(reference(number)).withTimeout(LONG));
    swapper.release(result.lease());
    return result;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private void figuresAre(long useful, long wasted) {
    assertThat(ram.usage().prefetch().usefulBytes()).as("useful").isEqualTo(useful);
    assertThat(ram.usage().prefetch().wastedBytes()).as("wasted").isEqualTo(wasted);
  }

  @Test
  void whatWasLoadedAheadIsAHitAndUseful() throws Exception {
    assertThat(prefetch(1)).isTrue();
    assertThat(swapper.leases()).isEmpty();
    assertThat(ram.active(reference(1))).isEmpty();
    assertThat(ram.record(digest(1))).hasValueSatisfying(r -> assertThat(r.prefetched()).isTrue());
    figuresAre(0, 0);
    assertThat(swap(1).level()).isEqualTo(SwapLevel.RAM);
    swap(1);
    ram.tick();
    assertThat(ram.record(digest(1))).hasValueSatisfying(r -> assertThat(r.prefetched()).isFalse());
    figuresAre(SIZE, 0);
    assertThat(swapper.figures().hits()).isEqualTo(2);
    assertThat(swapper.figures().misses()).isZero();
    assertThat(loaded).as("brought nearer").isEmpty();
  }

  @Test
  void whatIsHereIsLeftAlone() throws Exception {
    swap(1);
    await(() -> swapper.loading() == 0);
    assertThat(prefetch(1)).as("as good as there").isTrue();
    assertThat(source.loads).hasValue(1);
    ram.evictAll();
    figuresAre(0, 0);
  }

  @Test
  void asLongAsItIsExpectedItGoesLast() throws Exception {
    prefetch(1);
    for (int i = 2; i <= 9; i++) {
      swap(i);
    }
    assertThat(ram.isResident(digest(1))).isTrue();
    figuresAre(0, 0);
    swap(1);
    figuresAre(SIZE, 0);
  }

  @Test
  void onceItIsNotItGoesFirstAndWasWasted() throws Exception {
    swap(2);
    swap(3);
    swap(4);
    prefetch(1);
    ram.expectNoMore(digest(1));
    swap(5);
    assertThat(ram.isResident(digest(1))).isFalse();
    assertThat(ram.isResident(digest(2))).isTrue();
    figuresAre(0, SIZE);
  }

  @Test
  void itIsNoReasonNotToServe() throws Exception {
    for (int i = 1; i <= 4; i++) {
      assertThat(prefetch(i)).isTrue();
    }
    assertThat(swap(5).level()).isEqualTo(SwapLevel.STORAGE);
    figuresAre(0, SIZE);
  }

  @Test
  void whoAsksForItMeanwhileJoins() throws Exception {
    CountDownLatch gate = source.stop(1);
    Future<Boolean> ahead = threads.submit(() -> prefetch(1));
    await(() -> source.loads.get() == 1);
    Future<SwapResult> swap = threads.submit(() -> swap(1));
    await(() -> source.waitedFor(digest(1)));
    gate.countDown();
    assertThat(swap.get(20, TimeUnit.SECONDS).level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(ahead.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(source.loads).hasValue(1);
    assertThat(loaded).containsExactly(digest(1));
    figuresAre(0, 0);
  }

  @Test
  void whoAsksForAnotherComesFirst() throws Exception {
    source.stop(1);
    Future<Boolean> ahead = threads.submit(() -> prefetch(1));
    await(() -> source.loads.get() == 1);
    CountDownLatch other = source.stop(2);
    Future<SwapResult> swap = threads.submit(() -> swap(2));
    assertThat(ahead.get(20, TimeUnit.SECONDS)).as("given up").isFalse();
    assertThat(prefetch(3)).as("not while somebody waits").isFalse();
    other.countDown();
    assertThat(swap.get(20, TimeUnit.SECONDS).level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(ram.usage().usedBytes()).isEqualTo(SIZE);
    await(() -> swapper.loading() == 0);
  }

  @Test
  void whoWaitsForItIsNotGivenUp() throws Exception {
    CountDownLatch gate = source.stop(1);
    Future<Boolean> ahead = threads.submit(() -> prefetch(1));
    await(() -> source.loads.get() == 1);
    Future<SwapResult> first = threads.submit(() -> swap(1));
    await(() -> source.waitedFor(digest(1)));
    swap(2);
    gate.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS).level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(ahead.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void itCanBeCalledOffAndFailInPeace() throws Exception {
    source.stop(1);
    AtomicBoolean enough = new AtomicBoolean();
    Future<Boolean> ahead =
        threads.submit(
            () -> swapper.prefetch(new Resolved(digest(1), SIZE, ArtifactKind.MODEL), enough::get));
    await(() -> source.loads.get() == 1);
    enough.set(true);
    assertThat(ahead.get(20, TimeUnit.SECONDS)).isFalse();
    source.failures.put(digest(2), new IOException("the card is gone"));
    assertThat(prefetch(2)).isFalse();
    assertThat(ram.usage().usedBytes()).isZero();
    source.gates.clear();
    assertThat(swap(1).level()).isEqualTo(SwapLevel.STORAGE);
  }

  /**
   * Givers-up and joiners at the same moment: nobody who waits may be told that it was given up.
   */
  @Test
  void nobodyFallsBetweenTwoStools() throws Exception {
    for (int round = 0; round < 300; round++) {
      int number = 1 + round % 20;
      AtomicBoolean enough = new AtomicBoolean();
      CountDownLatch gate = source.stop(number);
      int before = source.loads.get();
      threads.submit(
          () ->
              swapper.prefetch(
                  new Resolved(digest(number), SIZE, ArtifactKind.MODEL), enough::get));
      await(() -> source.loads.get() > before);
      Future<SwapResult> swap = threads.submit(() -> swap(number));
      enough.set(true);
      gate.countDown();
      assertThat(swap.get(20, TimeUnit.SECONDS).size()).isEqualTo(SIZE);
      await(() -> swapper.loading() == 0);
      ram.evictAll();
      assertThat(ram.usage().usedBytes()).isZero();
    }
  }
}
