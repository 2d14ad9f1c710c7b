package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.Reference;
import dev.larder.api.Replica;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.SwapTimeoutException;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import dev.larder.media.nvme.NvmeDriver;
import dev.larder.media.simulated.SimulatedDriver;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fast cache tier over a slow home. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CacheTierTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final OptionalLong SMALL = OptionalLong.of(48 << 20);

  @TempDir Path folder;
  private Rig rig;
  private final PullableDriver slot = new PullableDriver(new NvmeDriver());

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(Files.createDirectory(folder.resolve("ours")));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private TierInfo cache(Map<String, String> options) throws IOException {
    return rig.tier("flash", "nvme", TierRole.CACHE, SMALL, options);
  }

  /** Bytes that no codec packs. */
  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A swap that finds nothing in RAM, until what it sets off has ended. */
  private SwapLevel swap(String reference) throws Exception {
    SwapLevel level = swapOnly(reference);
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    return level;
  }

  private SwapLevel swapOnly(String reference) throws IOException {
    SwapRequest request = SwapRequest.of(Rig.ref(reference)).withTimeout(LONG);
    SwapResult swap = rig.core.swapper().swap(request);
    rig.core.swapper().release(swap.lease());
    rig.core.swapper().evictAll();
    return swap.level();
  }

  private boolean isCached(String reference) throws IOException {
    return rig.core.store().show(Rig.ref(reference)).replicas().stream()
        .anyMatch(replica -> replica.tier().equals("flash"));
  }

  private void putAndCache(String reference, byte[] bytes) throws Exception {
    rig.put(reference, bytes, "local");
    swap(reference);
    swap(reference);
    assertThat(isCached(reference)).as(reference).isTrue();
  }

  @Test
  void aCopyIsFoundAgainAfterARestart() throws Exception {
    cache(Map.of());
    byte[] model = random(1, 2 << 20);
    putAndCache("m", model);
    assertThat(rig.events).contains(Events.CACHED);

    rig.restart();

    assertThat(swap("m")).isEqualTo(SwapLevel.CACHE);
    assertThat(rig.core.store().show(Rig.ref("m")).replicas())
        .extracting(Replica::tier, Replica::role)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("flash", TierRole.CACHE),
            org.assertj.core.groups.Tuple.tuple("local", TierRole.STORAGE));
    var stats = rig.core.statistics().current();
    assertThat(stats.swaps().get(SwapLevel.CACHE).count()).isEqualTo(1);
    assertThat(stats.replicaBytes()).isBetween(2L << 20, 3L << 20);
    assertThat(stats.storedBytes()).isBetween(2L << 20, 3L << 20);
    assertThat(rig.info("flash").artifacts()).isEqualTo(1);
    assertThat(rig.get("m")).isEqualTo(model);
  }

  @Test
  void oneLoadCountsOnceHoweverManyWaitForIt() throws Exception {
    cache(Map.of());
    rig.put("m", random(2, 4 << 20), "local");
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      Future<?>[] all = new Future<?>[8];
      for (int i = 0; i < all.length; i++) {
        all[i] =
            callers.submit(
                () ->
                    rig.core
                        .swapper()
                        .swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG))
                        .lease());
      }
      for (Future<?> each : all) {
        rig.core.swapper().release((String) each.get());
      }
    } finally {
      callers.shutdown();
    }
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    assertThat(isCached("m")).isFalse();
  }

  @Test
  void whatTakesTooLongForItsCallersIsCopiedToo() throws Exception {
    cache(Map.of());
    rig.put("m", random(3, 4 << 20), "local");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(
              () ->
                  rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(Duration.ZERO)))
          .isInstanceOf(SwapTimeoutException.class);
      assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
      rig.core.swapper().evictAll();
    }
    assertThat(isCached("m")).isTrue();
    assertThat(swap("m")).isEqualTo(SwapLevel.CACHE);
  }

  @Test
  void whatMayBeWrittenInADayIsABoundThatARestartDoesNotLift() throws Exception {
    cache(Map.of("dailyBytes", "3m"));
    putAndCache("one", random(4, 2 << 20));
    rig.put("two", random(5, 2 << 20), "local");
    assertThat(swap("two")).isEqualTo(SwapLevel.STORAGE);
    assertThat(swap("two")).isEqualTo(SwapLevel.STORAGE);
    assertThat(isCached("two")).isFalse();

    rig.restart();

    assertThat(swap("two")).isEqualTo(SwapLevel.STORAGE);
    assertThat(swap("two")).isEqualTo(SwapLevel.STORAGE);
    assertThat(isCached("two")).isFalse();
    assertThat(swap("one")).isEqualTo(SwapLevel.CACHE);
  }

  @Test
  void aFullTierDropsWhatWasUnusedForTheLongestTime() throws Exception {
    cache(Map.of("dailyBytes", "10g"));
    for (int i = 0; i < 14; i++) {
      putAndCache("m" + i, random(100 + i, 4 << 20));
    }
    assertThat(isCached("m0")).isFalse();
    assertThat(isCached("m13")).isTrue();
    assertThat(rig.events).contains(Events.UNCACHED);
    assertThat(rig.info("flash").usedBytes()).isLessThanOrEqualTo(SMALL.getAsLong());
    assertThat(rig.get("m0")).isEqualTo(random(100, 4 << 20));
    assertThat(rig.core.maintenance().scrub(Optional.of("flash")).bad()).isZero();
  }

  @Test
  void aLoopOverMoreThanFitsDoesNotWearTheFlash() throws Exception {
    cache(Map.of("dailyBytes", "10g"));
    for (int i = 0; i < 14; i++) {
      rig.put("m" + i, random(200 + i, 4 << 20), "local");
    }
    long written = 0;
    int hits = 0;
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 14; i++) {
        hits += swap("m" + i) == SwapLevel.CACHE ? 1 : 0;
      }
      if (round == 1) {
        written = rig.info("flash").bytesWritten();
        hits = 0;
      }
    }
    assertThat(rig.info("flash").bytesWritten() - written).isLessThan(1 << 20);
    assertThat(hits).isGreaterThan(3 * 7);
  }

  @Test
  void aSecondLoadCountsAlsoAfterARestart() throws Exception {
    cache(Map.of());
    rig.put("m", random(30, 1 << 20), "local");
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
    assertThat(isCached("m")).isFalse();
    rig.restart();
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
    assertThat(isCached("m")).isTrue();
  }

  private void fillAndUseTheFirstOften() throws Exception {
    cache(Map.of("dailyBytes", "10g"));
    for (int i = 0; i < 10; i++) {
      putAndCache("m" + i, random(300 + i, 4 << 20));
      for (int use = 0; use < (i == 0 ? 5 : 0); use++) {
        assertThat(swap("m0")).isEqualTo(SwapLevel.CACHE);
      }
    }
  }

  @Test
  void theCachePolicyDecidesWhatATierDrops() throws Exception {
    rig.core.policies().use("lfu");
    fillAndUseTheFirstOften();
    for (int i = 10; i < 14; i++) {
      putAndCache("m" + i, random(300 + i, 4 << 20));
    }
    assertThat(isCached("m0")).as("used often, but long ago").isTrue();
    assertThat(isCached("m1")).isFalse();
  }

  /** Admits nothing for which something has to go. */
  private static final class Refusing implements CachePolicy {
    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public double rank(LedgerEntry entry) {
      return entry.lastTick();
    }

    @Override
    public boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
      return false;
    }
  }

  private void loadTwice(int number) throws Exception {
    rig.put("m" + number, random(300 + number, 4 << 20), "local");
    swap("m" + number);
    swap("m" + number);
  }

  @Test
  void whatThePolicyDoesNotAdmitWearsNoFlash() throws Exception {
    rig.plugins.cachePolicies().added("refusing", new Refusing(), "test", 0);
    rig.core.policies().use("refusing");
    fillAndUseTheFirstOften();
    loadTwice(10);
    loadTwice(11);
    long written = rig.info("flash").bytesWritten();
    for (int i = 12; i < 15; i++) {
      loadTwice(i);
      assertThat(isCached("m" + i)).isFalse();
    }
    assertThat(rig.info("flash").bytesWritten() - written).isLessThan(1 << 20);
    assertThat(isCached("m0")).isTrue();
  }

  @Test
  void aCacheIsNobodysHome() throws Exception {
    cache(Map.of());
    byte[] model = random(6, 1 << 20);
    putAndCache("m", model);
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.put("x", model, "flash"));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.tiers().migrate(Rig.ref("m"), "flash"));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.tiers().importVolume("flash"));
    rig.core.store().delete(Rig.ref("m"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
    rig.core.maintenance().collect();
    assertThat(rig.info("flash").artifacts()).isZero();
    assertThat(rig.core.statistics().current().replicaBytes()).isZero();
  }

  @Test
  void aCopyDoesNotHideThatAHomeIsLost() throws Exception {
    cache(Map.of());
    rig.tier("card", "sd");
    rig.put("m", random(7, 1 << 20), "card");
    swap("m");
    swap("m");
    assertThat(isCached("m")).isTrue();
    rig.plugins.drivers().removed(rig.sd);
    rig.awaitState("card", TierState.ABSENT);
    assertThat(swap("m")).isEqualTo(SwapLevel.CACHE); // as long as it lasts
    assertThat(rig.core.tiers().forget("card").references()).containsExactly(Rig.ref("m:latest"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
  }

  @Test
  void theOptionIsChecked() throws Exception {
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> cache(Map.of("dailyBytes", "much")));
    Rig.fails(
        ErrorCode.INVALID_ARGUMENT,
        () -> rig.tier("flash", "nvme", TierRole.STORAGE, SMALL, Map.of("ratedWrites", "0")));
    cache(Map.of("dailyBytes", "0"));
    rig.put("m", random(8, 100_000), "local");
    swap("m");
    swap("m");
    assertThat(isCached("m")).isFalse();
  }

  @Test
  void anotherGatewaysCacheStartsEmpty() throws Exception {
    cache(Map.of());
    byte[] model = random(9, 1 << 20);
    putAndCache("m", model);
    Path theirs = Files.createDirectories(folder.resolve("theirs/media"));
    rig.close();
    Files.move(rig.medium("flash"), theirs.resolve("flash"));
    try (Rig other = new Rig(folder.resolve("theirs"))) {
      other.put("m", model);
      TierInfo taken = other.tier("flash", "nvme", TierRole.CACHE, SMALL);
      assertThat(taken.state()).isEqualTo(TierState.READY);
      assertThat(taken.artifacts()).isZero(); // nobody has checked what they were
      other.restart();
      assertThat(other.info("flash").state()).isEqualTo(TierState.READY);
      other.core.maintenance().collect();
    }
    rig.start();
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
  }

  @Test
  void aVolumeWithNamesIsNotEmptiedToBeACache() throws Exception {
    byte[] model = random(10, 1 << 20);
    Path theirs = Files.createDirectories(folder.resolve("theirs"));
    try (Rig other = new Rig(theirs)) {
      other.tier("card", "nvme");
      other.put("precious", model, "card");
    }
    Files.createDirectories(rig.medium("flash").getParent());
    Files.move(theirs.resolve("media/card"), rig.medium("flash"));
    assertThat(cache(Map.of()).state()).isEqualTo(TierState.FOREIGN);
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.tiers().importVolume("flash"));
    rig.core.tiers().remove("flash");
    rig.tier("flash", "nvme");
    rig.core.tiers().importVolume("flash");
    assertThat(rig.get("precious")).isEqualTo(model);
  }

  private void pullable() throws IOException {
    rig.plugins.drivers().removed(rig.nvme);
    rig.plugins.drivers().added("nvme", slot, "test", 0);
    cache(Map.of());
  }

  @Test
  void aTierThatBreaksWhileItIsFilledHarmsNobody() throws Exception {
    pullable();
    byte[] model = random(11, 4 << 20);
    rig.put("m", model, "local");
    swap("m");
    slot.failWrites(() -> new IOException("Input/output error"));
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
    assertThat(rig.get("m")).isEqualTo(model);
    slot.heal();
    rig.restart();
    assertThat(isCached("m")).isFalse();
  }

  private void simulated(String name, TierRole role, Map<String, String> options)
      throws IOException {
    rig.plugins.drivers().added("simulated", new SimulatedDriver(), "test", 0);
    Map<String, String> all = new HashMap<>(options);
    all.put("medium", role == TierRole.CACHE ? "nvme" : "other");
    rig.core
        .tiers()
        .add(
            new TierSpec(
                name, "sim://" + name, Optional.of("simulated"), role, OptionalLong.empty(), all));
  }

  @Test
  void aCopyStandsStillWhileAModelIsLoaded() throws Exception {
    cache(Map.of());
    simulated("slow", TierRole.STORAGE, Map.of("time", "real", "faults", "slow:read:100%:1500ms"));
    rig.put("m", random(15, 100_000), "local");
    rig.put("big", random(16, 1 << 20), "slow");
    swap("m");
    ExecutorService client = Executors.newSingleThreadExecutor();
    try {
      Future<?> load = client.submit(() -> swapOnly("big"));
      Thread.sleep(50);
      assertThat(swapOnly("m")).isEqualTo(SwapLevel.STORAGE);
      Thread.sleep(400);
      boolean cached = isCached("m");
      assertThat(load.isDone()).isFalse();
      assertThat(cached).isFalse();
      load.get(20, TimeUnit.SECONDS);
    } finally {
      client.shutdown();
    }
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    assertThat(isCached("m")).isTrue();
  }

  /** A disk whose power goes once while the copy is written; what was not forced is torn. */
  @ParameterizedTest
  @ValueSource(strings = {"append:2", "append:5", "append:9", "force:1", "force:2"})
  void aPowerCutLeavesTheWholeCopyOrNone(String when) throws Exception {
    simulated("flash", TierRole.CACHE, Map.of("cut", "torn", "faults", "cut:" + when));
    byte[] model = random(14, 6 << 20);
    rig.events.clear();
    rig.put("m", model, "local");
    SwapLevel level = SwapLevel.STORAGE;
    for (int i = 0; i < 20 && level != SwapLevel.CACHE; i++) {
      SwapResult swap = rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG));
      level = swap.level();
      assertThat(Files.readAllBytes(swap.path())).isEqualTo(model);
      rig.core.swapper().release(swap.lease());
      rig.core.swapper().evictAll();
      rig.awaitState("flash", TierState.READY);
    }
    assertThat(rig.events).contains(Events.TIER_STATE); // it was away
    assertThat(level).isEqualTo(SwapLevel.CACHE);
    assertThat(rig.core.maintenance().scrub(Optional.of("flash")).bad()).isZero();
    assertThat(rig.get("m")).isEqualTo(model);
  }

  @Test
  void aTierThatIsPulledIsReadAroundAndUsedAgainWhenItIsBack() throws Exception {
    pullable();
    byte[] model = random(12, 4 << 20);
    putAndCache("m", model);
    slot.fail(() -> new MediumGoneException("pulled", new IOException("No such device")));
    assertThat(swapOnly("m")).isEqualTo(SwapLevel.STORAGE);
    assertThat(rig.get("m")).isEqualTo(model);
    slot.heal();
    rig.awaitState("flash", TierState.READY);
    assertThat(swap("m")).isEqualTo(SwapLevel.CACHE);
  }

  @Test
  void aTierThatIsAwayIsRemovedWithoutMoreAdo() throws Exception {
    cache(Map.of());
    byte[] model = random(13, 1 << 20);
    putAndCache("m", model);
    rig.plugins.drivers().removed(rig.nvme);
    rig.awaitState("flash", TierState.ABSENT);
    rig.core.tiers().remove("flash");
    assertThat(swap("m")).isEqualTo(SwapLevel.STORAGE);
    rig.plugins.drivers().added("nvme", rig.nvme, "test", 0);
    TierInfo again = cache(Map.of());
    assertThat(again.state()).isEqualTo(TierState.READY);
    assertThat(again.artifacts()).isZero();
    assertThat(rig.get("m")).isEqualTo(model);
  }

  @Test
  void noSwapFailsWhileTheTierIsRemovedAndAddedAgain() throws Exception {
    byte[][] models = new byte[4][];
    for (int i = 0; i < models.length; i++) {
      models[i] = random(300 + i, 3 << 20);
      rig.put("m" + i, models[i], "local");
    }
    cache(Map.of("dailyBytes", "10g"));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger fromCache = new AtomicInteger();
    ExecutorService client = Executors.newSingleThreadExecutor();
    Future<Integer> swaps = client.submit(() -> swapUntil(stop, models, fromCache));
    try {
      for (int i = 0; i < 6 && !swaps.isDone(); i++) {
        int hits = fromCache.get();
        Rig.await("a swap from the cache", () -> fromCache.get() > hits || swaps.isDone());
        rig.core.tiers().remove("flash");
        assertThat(cache(Map.of("dailyBytes", "10g")).state()).isEqualTo(TierState.READY);
      }
    } finally {
      stop.set(true);
      client.shutdown();
    }
    assertThat(swaps.get(20, TimeUnit.SECONDS)).isGreaterThan(10);
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    rig.restart();
    for (int i = 0; i < models.length; i++) {
      assertThat(rig.get("m" + i)).isEqualTo(models[i]);
    }
  }

  private int swapUntil(AtomicBoolean stop, byte[][] models, AtomicInteger fromCache)
      throws IOException {
    int swaps = 0;
    while (!stop.get()) {
      int number = swaps++ % models.length;
      Reference reference = Rig.ref("m" + number);
      SwapResult swap = rig.core.swapper().swap(SwapRequest.of(reference).withTimeout(LONG));
      assertThat(Files.readAllBytes(swap.path())).isEqualTo(models[number]);
      rig.core.swapper().release(swap.lease());
      rig.core.swapper().evictAll();
      if (swap.level() == SwapLevel.CACHE) {
        fromCache.incrementAndGet();
      }
    }
    return swaps;
  }
}
