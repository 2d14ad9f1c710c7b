package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Events;
import dev.larder.api.HealthFinding;
import dev.larder.api.Replica;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast tier is full of what was wanted, and something else is wanted from now on. Homes change
 * places while models are swapped: none is ever missing, no more is moved than must be, and nothing
 * twice.
 */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class MigrationStormTest {

  private static final Logger LOG = LoggerFactory.getLogger(MigrationStormTest.class);
  private static final long SECONDS = Boolean.getBoolean("larder.long") ? 120 : 12;
  private static final long SEED = Long.getLong("larder.seed", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SIZE = 2 << 20;
  private static final int OLD = 36; // with the reserve, between the marks
  private static final int NEW = 12;

  @TempDir Path folder;
  private Rig rig;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger reads = new AtomicInteger();

  private void open(Map<String, String> cardOptions) throws IOException {
    LarderSettings settings =
        LarderSettings.of(folder.resolve("home"))
            .withRoot(folder.resolve("root"))
            .withRamFolder(folder.resolve("ram"))
            .withRamLimit(4 * SIZE)
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2))
            .withProbe(false);
    rig = new Rig(folder, settings);
    rig.tier("card", "sd", TierRole.STORAGE, OptionalLong.of(1 << 30), cardOptions);
    rig.core.tiers().remove("local");
  }

  private void flash() throws IOException {
    rig.tier("flash", "nvme", TierRole.STORAGE, OptionalLong.of(92 << 20));
  }

  @AfterEach
  void close() throws InterruptedException {
    stop.set(true);
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    rig.close();
  }

  private static byte[] content(int number) {
    byte[] bytes = new byte[SIZE];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private String home(int number) throws IOException {
    List<Replica> replicas = rig.core.store().show(Rig.ref("m" + number)).replicas();
    return replicas.get(0).tier();
  }

  /** Swaps something that is wanted, and compares it. */
  private long swap(int number) throws IOException {
    long start = System.nanoTime();
    SwapResult swap =
        rig.core.swapper().swap(SwapRequest.of(Rig.ref("m" + number)).withTimeout(PATIENCE));
    long nanos = System.nanoTime() - start;
    byte[] seen = Files.readAllBytes(swap.path());
    rig.core.swapper().release(swap.lease());
    assertThat(Arrays.equals(seen, content(number))).as("m%s", number).isTrue();
    return nanos;
  }

  /** Swaps from a range for so long, with pauses in which something may be moved. */
  private List<Long> swaps(int first, int count, long millis) throws Exception {
    List<Long> all = Collections.synchronizedList(new ArrayList<>());
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<Future<?>> clients = new ArrayList<>();
    for (int client = 0; client < 2; client++) {
      Random random = new Random(SEED * 31 + first * 7L + client);
      clients.add(
          threads.submit(
              () -> {
                while (System.nanoTime() < end) {
                  all.add(swap(first + random.nextInt(count)));
                  Thread.sleep(random.nextInt(30));
                }
                return null;
              }));
    }
    for (Future<?> client : clients) {
      client.get();
    }
    return all;
  }

  private static double p99Millis(List<Long> nanos) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.get((int) (0.99 * (sorted.size() - 1))) / 1e6;
  }

  /** Reads whatever there is, all the time. */
  private Future<?> reader() {
    Random random = new Random(SEED);
    return threads.submit(
        () -> {
          while (!stop.get()) {
            int number = random.nextInt(OLD + NEW);
            assertThat(Arrays.equals(rig.get("m" + number), content(number)))
                .as("m%s", number)
                .isTrue();
            reads.incrementAndGet();
            Thread.sleep(20);
          }
          return null;
        });
  }

  /** The new ones on the card, and so many old ones on flash that nothing more goes there. */
  private void fill() throws Exception {
    for (int i = 0; i < NEW; i++) {
      rig.put("m" + i, content(i));
    }
    flash();
    for (int i = NEW; i < NEW + OLD; i++) {
      rig.put("m" + i, content(i));
    }
    assertThat(rig.core.maintenance().awaitIdle(PATIENCE)).isTrue();
    assertThat(home(NEW - 1)).isEqualTo("card");
    assertThat(home(NEW + OLD - 1)).isEqualTo("flash");
    assertThat(rig.moves).isEmpty();
  }

  @Test
  void whatIsWantedNowTakesThePlaceOfWhatWas() throws Exception {
    open(Map.of());
    fill();
    Future<?> reader = reader();
    List<Long> steady = swaps(NEW, OLD, 3000);
    List<Long> storm = swaps(0, NEW, TimeUnit.SECONDS.toMillis(SECONDS));
    assertThat(rig.core.maintenance().awaitIdle(PATIENCE)).isTrue();
    stop.set(true);
    reader.get();

    Map<Object, Integer> times = new HashMap<>();
    int up = 0;
    for (Map<String, Object> move : rig.moves) {
      times.merge(String.valueOf(move.get(Events.DIGEST)), 1, Integer::sum);
      up += "flash".equals(move.get(Events.TIER)) ? 1 : 0;
    }
    LOG.warn(
        "{} wanted, {} went up, {} moved; swaps {} and {}, p99 {} and {} ms; {} reads",
        NEW,
        up,
        times.size(),
        steady.size(),
        storm.size(),
        p99Millis(steady),
        p99Millis(storm),
        reads.get());
    int risen = 0;
    for (int i = 0; i < NEW; i++) {
      risen += home(i).equals("flash") ? 1 : 0;
    }
    assertThat(risen).as("of %s", NEW).isGreaterThanOrEqualTo(NEW / 2);
    assertThat(times.values()).as("nothing twice").containsOnly(1);
    // The ideal: each in exchange for one of the same size.
    assertThat(times.size()).isLessThanOrEqualTo(2 * 2 * NEW);
    for (int i = 0; i < OLD + NEW; i++) {
      assertThat(rig.core.store().show(Rig.ref("m" + i)).replicas()).as("m%s", i).hasSize(1);
    }
    assertThat(rig.core.maintenance().rebalance().promoted()).isZero();
  }

  @Test
  void aBudgetThatIsUsedUpStopsMovesAndHealthSaysSo() throws Exception {
    open(Map.of("dailyBytes", "1m"));
    fill(); // puts are written all the same, and are owed
    for (int round = 0; round < 3; round++) {
      swap(0);
      rig.core.swapper().evictAll();
    }
    assertThat(rig.core.maintenance().awaitIdle(PATIENCE)).isTrue();
    assertThat(rig.moves).isEmpty();
    assertThat(home(0)).isEqualTo("card");
    TierInfo card = rig.info("card");
    assertThat(card.wear().availableBytes().getAsLong()).isNegative();
    assertThat(card.wear().holdsBack()).isTrue();
    assertThat(rig.core.health().findings())
        .extracting(HealthFinding::subject, HealthFinding::severity)
        .contains(org.assertj.core.groups.Tuple.tuple("tier/card", HealthFinding.Severity.WARNING));
    assertThat(rig.core.maintenance().rebalance().heldBack()).contains("card");
    rig.put("more", content(99)); // puts never wait
    assertThat(rig.get("more")).isEqualTo(content(99));
    assertThat(rig.info("card").reads().count()).isPositive();
  }

  @Test
  void aFasterTierThatComesTakesWhatIsHotAfterARestartToo() throws Exception {
    open(Map.of());
    for (int i = 0; i < 4; i++) {
      rig.put("m" + i, content(i));
    }
    for (int round = 0; round < 3; round++) {
      swap(1);
      swap(2);
      rig.core.swapper().evictAll();
    }
    rig.restart();
    flash();
    assertThat(rig.core.maintenance().awaitIdle(PATIENCE)).isTrue();
    assertThat(List.of(home(0), home(1), home(2), home(3)))
        .containsExactly("card", "flash", "flash", "card");
  }
}
