package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ErrorCode;
import dev.larder.api.PolicyInfo;
import dev.larder.api.Statistics;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.TierState;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.media.folder.FolderDriver;
import dev.larder.spi.media.MediaDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PluginChangeTest {

  @TempDir Path folder;
  private Rig rig;
  private final ExecutorService clients = Executors.newFixedThreadPool(5);

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
  }

  @AfterEach
  void close() {
    clients.shutdown();
    rig.close();
  }

  @Test
  void aTierWithoutItsDriverIsAbsentAndComesBackWithIt() throws Exception {
    rig.tier("card", "sd");
    byte[] model = Rig.model(1, 500_000);
    rig.put("m", model, "card");
    rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")));
    assertThat(rig.plugins.drivers().removed(rig.sd)).isTrue();
    assertThat(rig.info("card").state()).isEqualTo(TierState.ABSENT);
    assertThat(rig.core.health().findings())
        .anyMatch(f -> f.subject().equals("tier/card") && f.finding().contains("sd"));
    assertThat(rig.core.store().list().get(0).tiers()).isEmpty();
    // What is in RAM is served all the same.
    assertThat(rig.core.swapper().swap(SwapRequest.of(Rig.ref("m"))).level())
        .isEqualTo(SwapLevel.RAM);

    Future<byte[]> waiting = clients.submit(() -> rig.get("m"));
    rig.plugins.drivers().added("sd", rig.sd, "test", 0);
    assertThat(waiting.get()).isEqualTo(model);
    assertThat(rig.info("card").state()).isEqualTo(TierState.READY);
    assertThat(rig.core.store().list().get(0).tiers()).containsExactly("card");
  }

  @Test
  void aMissingDriverIsNamedWhenThePatienceEnds() throws IOException {
    rig.tier("card", "sd");
    rig.put("m", Rig.model(1, 1000), "card");
    rig.plugins.drivers().removed(rig.sd);
    Rig.fails(ErrorCode.DRIVER_MISSING, () -> rig.get("m"));
    Rig.fails(ErrorCode.DRIVER_MISSING, () -> rig.put("n", Rig.model(2, 1000), "card"));
    rig.put("n", Rig.model(2, 1000));
  }

  @Test
  void whatIsOnATierThatWasAwayAtTheStartIsReportedAsSuch() throws Exception {
    rig.tier("card", "sd");
    byte[] model = Rig.model(3, 100_000);
    rig.put("m", model, "card");
    assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
    rig.core.close();
    rig.prepare();
    rig.plugins.drivers().removed(rig.sd);
    rig.go();
    Rig.fails(ErrorCode.DRIVER_MISSING, () -> rig.get("m"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("never-heard-of"));
    rig.plugins.drivers().added("sd", rig.sd, "test", 0);
    assertThat(rig.core.awaitReady(Duration.ofSeconds(20))).isTrue();
    awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(model);
  }

  private void awaitState(String tier, TierState state) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (rig.info(tier).state() != state && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(rig.info(tier).state()).isEqualTo(state);
  }

  @Test
  void aMissingCodecIsNamedAndItsDataComesBackWithIt() throws Exception {
    byte[] model = Rig.model(4, 500_000);
    rig.put("m", model); // a folder is not fast: zstd
    rig.plugins.codecs().removed(rig.zstd);
    Future<byte[]> waiting = clients.submit(() -> rig.get("m"));
    rig.zstd = new ZstdCodec();
    rig.plugins.codecs().added(rig.zstd, "test", 0);
    assertThat(waiting.get()).isEqualTo(model);
    rig.plugins.codecs().removed(rig.zstd);
    rig.put("n", Rig.model(5, 500_000)); // in another codec
    Rig.fails(ErrorCode.CODEC_MISSING, () -> rig.get("m"));
    assertThat(rig.get("n")).isEqualTo(Rig.model(5, 500_000));
    rig.plugins.codecs().added(rig.zstd, "test", 0);
    assertThat(rig.get("m")).isEqualTo(model);
  }

  @Test
  void aThousandPolicySwapsUnderFourClientsFailNothingAndEvictNothing() throws Exception {
    int models = 8;
    for (int i = 0; i < models; i++) {
      rig.put("m" + i, Rig.model(i, 1 << 20));
      rig.core.swapper().swap(SwapRequest.of(Rig.ref("m" + i)).withTimeout(Duration.ofMinutes(1)));
    }
    rig.core.swapper().release(Rig.ref("m0"));
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger swaps = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      Random random = new Random(c);
      running.add(
          clients.submit(
              (Callable<Void>)
                  () -> {
                    while (!done.get()) {
                      SwapResult result =
                          rig.core
                              .swapper()
                              .swap(SwapRequest.of(Rig.ref("m" + random.nextInt(models))));
                      rig.core.swapper().release(result.lease());
                      swaps.incrementAndGet();
                      Thread.sleep(1); // four clients on two cores leave the test no time else
                    }
                    return null;
                  }));
    }
    for (int i = 0; i < 1000; i++) {
      PolicyInfo used = rig.core.policies().use(i % 2 == 0 ? "lfu" : "lru");
      assertThat(used.active()).isTrue();
    }
    done.set(true);
    for (Future<?> client : running) {
      client.get();
    }
    Statistics statistics = rig.core.statistics().current();
    assertThat(statistics.cache().evictions().get(EvictionCause.PRESSURE)).isZero();
    assertThat(statistics.cache().residents()).isEqualTo(models);
    assertThat(swaps.get()).isGreaterThan(100);
    System.out.printf(
        "%d resident swaps by 4 clients during 1000 policy swaps: %s%n",
        swaps.get(), statistics.swaps().get(SwapLevel.RAM));
    rig.restart();
    assertThat(rig.core.policies().policies())
        .anyMatch(policy -> policy.name().equals("lru") && policy.active());
  }

  @Test
  void pluginsAreReplacedUnderLoadWithoutAFailedRequest() throws Exception {
    byte[][] models = new byte[6][];
    for (int i = 0; i < models.length; i++) {
      models[i] = Rig.model(i, 300_000 + i * 50_000);
      rig.put("m" + i, models[i]);
    }
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong requests = new AtomicLong();
    List<Future<?>> running = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      int client = c;
      running.add(clients.submit((Callable<Void>) () -> load(client, models, done, requests)));
    }
    MediaDriver driver = new FolderDriver();
    rig.plugins.drivers().added("folder", driver, "test", 1);
    FixedChunker chunker = new FixedChunker();
    rig.plugins.chunkers().added("fixed", chunker, "test", 1);
    for (int i = 0; i < 12; i++) {
      rig.plugins.codecs().removed(rig.zstd);
      rig.zstd = new ZstdCodec();
      rig.plugins.codecs().added(rig.zstd, "test", 0);
      MediaDriver next = new FolderDriver();
      rig.plugins.drivers().removed(driver);
      rig.plugins.drivers().added("folder", next, "test", 1);
      driver = next;
      rig.plugins.chunkers().removed(chunker);
      rig.plugins.chunkers().added("fixed", chunker, "test", 1);
      Thread.sleep(50);
    }
    done.set(true);
    for (Future<?> client : running) {
      client.get();
    }
    assertThat(requests.get()).isGreaterThan(10);
    assertThat(rig.plugins.drivers().health()).isEmpty();
    assertThat(rig.plugins.codecs().health()).isEmpty();
  }

  private Void load(int client, byte[][] models, AtomicBoolean done, AtomicLong requests)
      throws IOException {
    Random random = new Random(client);
    while (!done.get()) {
      int i = random.nextInt(models.length);
      switch (random.nextInt(3)) {
        case 0 -> assertThat(rig.get("m" + i)).isEqualTo(models[i]);
        case 1 -> rig.put("m" + i, models[i]);
        default -> {
          SwapResult swap =
              rig.core
                  .swapper()
                  .swap(SwapRequest.of(Rig.ref("m" + i)).withTimeout(Duration.ofSeconds(20)));
          rig.core.swapper().release(swap.lease());
          rig.core.swapper().evict(Rig.ref("m" + i));
        }
      }
      requests.incrementAndGet();
    }
    return null;
  }
}
