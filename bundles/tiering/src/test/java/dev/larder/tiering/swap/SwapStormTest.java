package dev.larder.tiering.swap;

import static dev.larder.tiering.swap.FakeSource.digest;
import static dev.larder.tiering.swap.FakeSource.reference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.ram.EvictionListener;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamSettings;
import dev.larder.tiering.ram.RamTestFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clients swap more than fits, while policies come, go and change. */
class SwapStormTest {

  private static final int ARTIFACTS = 20;
  private static final int CLIENTS = 8;
  private static final int SIZE = 64 << 10;
  private static final int POLICY_CHANGES = 1_000;

  private final PluginRegistry<CachePolicy> policies =
      new PluginRegistry<>("policy", Duration.ofSeconds(10));
  private final PolicySelector<CachePolicy> selector = RamTestFolder.selector(policies, "lru");
  private final FakeSource source = new FakeSource();
  private final ExecutorService loaders = Executors.newFixedThreadPool(3);
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong swaps = new AtomicLong();
  private final AtomicInteger overLimit = new AtomicInteger();
  private final Semaphore leases = new Semaphore(3); // of four that fit: one is always free
  private RamTestFolder test;
  private RamCache ram;
  private Swapper swapper;

  /** Ranks by one of the ledger's frequencies; must be called by one thread at a time. */
  private static final class ByFrequency implements CachePolicy {
    static final int LAST_USE = -1;
    private final String name;
    private final int halfLife;
    private final AtomicInteger calling = new AtomicInteger();
    private final AtomicInteger violations = new AtomicInteger();

    ByFrequency(String name, int halfLife) {
      this.name = name;
      this.halfLife = halfLife;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double rank(LedgerEntry entry) {
      violations.addAndGet(calling.getAndIncrement() == 0 ? 0 : 1);
      double rank = halfLife == LAST_USE ? entry.lastTick() : entry.frequency(halfLife);
      calling.decrementAndGet();
      return rank;
    }
  }

  @BeforeEach
  void open() throws IOException {
    test = new RamTestFolder();
    for (int i = 0; i < ARTIFACTS; i++) {
      source.put(i, SIZE - i);
    }
  }

  private void open(EvictionListener listener) throws IOException {
    ram =
        RamCache.open(
            RamSettings.of(test.ram(), 4 * SIZE),
            selector,
            listener,
            test.base().resolve("ram.ledger"),
            Runnable::run,
            System::nanoTime);
    swapper = new Swapper(source, ram, loaders, SwapListener.NONE, System::nanoTime);
  }

  @AfterEach
  void close() throws Exception {
    stop.set(true);
    clients.shutdown();
    loaders.shutdown();
    assertThat(loaders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    ram.close();
    test.close();
  }

  private Object client(int seed) throws Exception {
    Random random = new Random(seed);
    while (!stop.get()) {
      leases.acquire();
      try {
        useOne(random);
      } finally {
        leases.release();
      }
      if (random.nextInt(50) == 0) {
        swapper.evictAll();
      } else if (random.nextInt(10) == 0) {
        swapper.evict(reference(random.nextInt(ARTIFACTS)));
      }
      overLimit.addAndGet(ram.usage().usedBytes() > 4 * SIZE ? 1 : 0);
    }
    return null;
  }

  private void useOne(Random random) throws IOException {
    int number = random.nextInt(ARTIFACTS);
    SwapRequest request = SwapRequest.of(reference(number)).withTimeout(Duration.ofSeconds(30));
    SwapResult result = swapper.swap(request);
    swaps.incrementAndGet();
    check(result, number, random);
    if (random.nextBoolean()) {
      Thread.yield();
      check(result, number, random);
    }
    swapper.release(result.lease());
  }

  /** What is leased is there, whole and right. */
  private static void check(SwapResult result, int number, Random random) throws IOException {
    try (FileChannel file = FileChannel.open(result.path())) {
      assertThat(file.size()).isEqualTo(SIZE - number);
      int offset = random.nextInt(SIZE - number);
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(file.read(one, offset)).isEqualTo(1);
      assertThat(one.get(0)).isEqualTo(FakeSource.at(digest(number), offset));
    }
  }

  private List<Future<?>> start() {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      running.add(clients.submit(() -> client(seed)));
    }
    return running;
  }

  private void finish(List<Future<?>> running) throws Exception {
    stop.set(true);
    for (Future<?> client : running) {
      client.get(40, TimeUnit.SECONDS); // no request has failed
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (swapper.loading() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    assertThat(overLimit).hasValue(0);
    assertThat(swapper.leases()).isEmpty();
    assertThat(ram.inUse()).isEmpty();
    checkFiles();
  }

  /** At rest the files are the residents, and every link leads to one. */
  private void checkFiles() throws IOException {
    long bytes = 0;
    int files = 0;
    try (Stream<Path> blobs = Files.list(test.ram().resolve("blobs"))) {
      for (Path blob : blobs.toList()) {
        assertThat(ram.isResident(Digest.parse(blob.getFileName().toString()))).isTrue();
        bytes += Files.size(blob);
        files++;
      }
    }
    assertThat(ram.usage().usedBytes()).isEqualTo(bytes).isLessThanOrEqualTo(4 * SIZE);
    assertThat(ram.usage().residents()).isEqualTo(files);
    assertThat(test.ram().resolve("tmp")).isEmptyDirectory();
    try (Stream<Path> active = Files.walk(test.ram().resolve("active"))) {
      for (Path path : active.filter(Files::isSymbolicLink).toList()) {
        assertThat(path.toRealPath()).isRegularFile();
      }
    }
  }

  @Test
  void aThousandChangesOfPolicyFailNoRequest() throws Exception {
    open(EvictionListener.NONE);
    ByFrequency lru = new ByFrequency("lru", ByFrequency.LAST_USE);
    ByFrequency lfu = new ByFrequency("lfu", 5);
    policies.added("lru", lru, "lru 1.0", 0);
    policies.added("lfu", lfu, "lfu 1.0", 0);
    List<Future<?>> running = start();
    for (int i = 0; i < POLICY_CHANGES; i++) {
      assertThat(selector.use(i % 2 == 0 ? "lfu" : "lru").active()).isTrue();
      Thread.sleep(1);
    }
    finish(running);
    assertThat(lru.violations).hasValue(0);
    assertThat(lfu.violations).hasValue(0);
    assertThat(selector.health()).isEmpty();
    assertThat(swaps.get()).isGreaterThan(1_000);
    assertThat(ram.usage().evictions().get(EvictionCause.PRESSURE)).isPositive();
    System.out.println(swaps.get() + " swaps during " + POLICY_CHANGES + " policy changes");
  }

  @Test
  void bundlesOfPoliciesComeAndGoAndNoRequestFails() throws Exception {
    open(EvictionListener.NONE);
    List<Future<?>> running = start();
    for (int i = 0; i < POLICY_CHANGES; i++) {
      ByFrequency next = new ByFrequency("lru", i % 6);
      policies.added("lru", next, "lru 1." + i, 0);
      Thread.sleep(1);
      assertThat(policies.removed(next)).isTrue();
      assertThat(next.calling).hasValue(0);
      assertThat(next.violations).hasValue(0);
    }
    finish(running);
    assertThat(policies.health()).isEmpty();
  }

  @Test
  void aChangeOfPolicyEvictsNothing() throws Exception {
    AtomicInteger evicted = new AtomicInteger();
    open((digest, size, cause) -> evicted.incrementAndGet());
    policies.added("lru", new ByFrequency("lru", ByFrequency.LAST_USE), "lru 1.0", 0);
    policies.added("lfu", new ByFrequency("lfu", 5), "lfu 1.0", 0);
    for (int i = 0; i < 4; i++) {
      swapper.release(swapper.swap(SwapRequest.of(reference(i))).lease());
    }
    for (int i = 0; i < POLICY_CHANGES; i++) {
      selector.use(i % 2 == 0 ? "lfu" : "lru");
      int number = i % 4;
      swapper.release(swapper.swap(SwapRequest.of(reference(number))).lease());
    }
    assertThat(evicted).hasValue(0);
    assertThat(swapper.figures().hits()).isEqualTo(POLICY_CHANGES);
  }

  @Test
  void theConfiguredPolicySaysWhoGoes() throws Exception {
    List<Digest> evicted = new ArrayList<>();
    open((digest, size, cause) -> evicted.add(digest));
    policies.added("lru", new ByFrequency("lru", ByFrequency.LAST_USE), "lru 1.0", 0);
    policies.added("lfu", new ByFrequency("lfu", 5), "lfu 1.0", 0);
    int[] order = {0, 0, 0, 0, 0, 1, 2, 3, 3, 1, 2, 2}; // 0 often but long ago; 3 twice
    for (int number : order) {
      swapper.release(swapper.swap(SwapRequest.of(reference(number))).lease());
    }
    swapper.release(swapper.swap(SwapRequest.of(reference(9))).lease());
    assertThat(evicted).containsExactly(digest(0));
    selector.use("lfu");
    swapper.release(swapper.swap(SwapRequest.of(reference(8))).lease());
    assertThat(evicted).containsExactly(digest(0), digest(9));
  }

  @Test
  void policiesThatMisbehaveAreWithdrawnAndNoRequestFails() throws Exception {
    open(EvictionListener.NONE);
    List<CachePolicy> bad =
        List.of(
            policy(entry -> Double.NaN),
            policy(
                entry -> {
                  throw new IllegalStateException("expected in this test");
                }),
            policy(
                entry -> {
                  throw new NoClassDefFoundError("expected in this test");
                }),
            policy(SwapStormTest::slowly));
    for (CachePolicy policy : bad) {
      policies.added("lru", policy, "bad 1.0", 0);
      for (int i = 0; i < 3 * ARTIFACTS; i++) {
        swapper.release(swapper.swap(SwapRequest.of(reference(i % ARTIFACTS))).lease());
      }
      assertThat(selector.active()).isEqualTo("built-in-lru");
      assertThat(selector.health()).singleElement().asString().contains("bad 1.0 was withdrawn");
      policies.removed(policy);
    }
    checkFiles();
  }

  private static double slowly(LedgerEntry entry) {
    long end = System.nanoTime() + 20_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return entry.lastTick();
  }

  private static CachePolicy policy(java.util.function.ToDoubleFunction<LedgerEntry> rank) {
    return new CachePolicy() {
      @Override
      public String name() {
        return "lru";
      }

      @Override
      public double rank(LedgerEntry entry) {
        return rank.applyAsDouble(entry);
      }
    };
  }

  @Test
  void aPolicyThatHangsStopsOnlyTheSwapThatAskedIt() throws Exception {
    open(EvictionListener.NONE);
    AtomicBoolean hang = new AtomicBoolean(true);
    AtomicInteger hanging = new AtomicInteger();
    policies.added(
        "lru",
        policy(
            entry -> {
              hanging.incrementAndGet();
              while (hang.get()) {
                Thread.onSpinWait();
              }
              return entry.lastTick();
            }),
        "hangs 1.0",
        0);
    for (int i = 0; i < 4; i++) {
      swapper.release(swapper.swap(SwapRequest.of(reference(i))).lease());
    }
    Future<SwapResult> stuck =
        clients.submit(
            () -> swapper.swap(SwapRequest.of(reference(9)).withTimeout(Duration.ofSeconds(30))));
    while (hanging.get() == 0) {
      Thread.sleep(1);
    }
    swapper.release(swapper.swap(SwapRequest.of(reference(2))).lease()); // a hit waits for nothing
    SwapRequest miss = SwapRequest.of(reference(10)).withTimeout(Duration.ofSeconds(10));
    swapper.release(swapper.swap(miss).lease());
    assertThat(selector.active()).isEqualTo("built-in-lru");
    assertThat(selector.health()).singleElement().asString().contains("does not return");
    hang.set(false);
    swapper.release(stuck.get(10, TimeUnit.SECONDS).lease());
    checkFiles();
  }
}
