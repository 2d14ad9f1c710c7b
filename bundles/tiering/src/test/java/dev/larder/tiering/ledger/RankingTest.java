package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.HealthFinding;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.ram.BuiltInLru;
import dev.larder.tiering.ram.RamTestFolder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A policy that misbehaves, in every way and in every call, is withdrawn; the work goes on. */
@Timeout(30)
class RankingTest {

  private static final CacheTraits CACHE =
      new CacheTraits() {
        @Override
        public long capacityBytes() {
          return 100;
        }

        @Override
        public int residents() {
          return 3;
        }
      };

  private enum In {
    FOR_CACHE("forCache"),
    RANK("rank"),
    ADMIT("admit"),
    ACCESSED("accessed"),
    EVICTED("evicted");

    private final String called;

    In(String called) {
      this.called = called;
    }
  }

  private final PluginRegistry<CachePolicy> registry =
      new PluginRegistry<>("policy", Duration.ofMillis(100));
  private final PolicySelector<CachePolicy> policies = RamTestFolder.selector(registry, "bad");
  private final AtomicLong clock = new AtomicLong();
  private final Ledger ledger = new Ledger(new Random(1));
  private final CountDownLatch end = new CountDownLatch(1);
  private final CountDownLatch inside = new CountDownLatch(1);
  private Ranking ranking;

  @BeforeEach
  void fill() {
    for (long key = 1; key <= 3; key++) {
      ledger.admit(key, 10, false);
      ledger.access(key);
    }
    ranking = new Ranking(policies, CACHE, clock::get);
  }

  @AfterEach
  void release() {
    end.countDown();
  }

  /** Ranks the other way round than the built-in one, and does something else in one call. */
  private static final class Bad implements CachePolicy {
    private final In in;
    private final Runnable deed;

    Bad(In in, Runnable deed) {
      this.in = in;
      this.deed = deed;
    }

    private void reach(In call) {
      if (call == in) {
        deed.run();
      }
    }

    @Override
    public String name() {
      return "bad";
    }

    @Override
    public CachePolicy forCache(CacheTraits cache) {
      reach(In.FOR_CACHE);
      return this;
    }

    @Override
    public double rank(LedgerEntry entry) {
      reach(In.RANK);
      return -entry.lastTick();
    }

    @Override
    public boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
      reach(In.ADMIT);
      return false;
    }

    @Override
    public void accessed(LedgerEntry entry, boolean hit) {
      reach(In.ACCESSED);
    }

    @Override
    public void evicted(LedgerEntry entry) {
      reach(In.EVICTED);
    }
  }

  private void install(CachePolicy policy) {
    registry.added("bad", policy, "acme.bad 1.0.0", 0);
  }

  private LedgerRecord entry(long key) {
    LedgerRecord entry = new LedgerRecord();
    assertThat(ledger.read(key, entry)).isTrue();
    return entry;
  }

  private List<LedgerRecord> all() {
    return List.of(entry(2), entry(1), entry(3));
  }

  private static List<Long> keys(List<LedgerRecord> entries) {
    return entries.stream().map(LedgerRecord::key).toList();
  }

  private void everyCall(RankingTurn turn) {
    turn.order(all());
    turn.admit(entry(1), List.of(entry(2)));
    turn.accessed(entry(1), true);
    turn.evicted(entry(2));
  }

  private void assertWithdrawn(String reason) throws InterruptedException {
    assertThat(policies.active()).isEqualTo(BuiltInLru.NAME);
    assertThat(policies.health())
        .extracting(HealthFinding::finding)
        .singleElement()
        .asString()
        .contains("acme.bad 1.0.0 was withdrawn: ", reason, BuiltInLru.NAME);
    try (RankingTurn turn = ranking.turn()) {
      assertThat(keys(turn.order(all()))).containsExactly(1L, 2L, 3L);
      assertThat(turn.admit(entry(1), List.of(entry(2)))).isTrue();
    }
  }

  @Test
  void aGoodOneIsAskedAndStays() throws Exception {
    install(new Bad(In.RANK, () -> {}));
    try (RankingTurn turn = ranking.turn()) {
      everyCall(turn);
      assertThat(keys(turn.order(all()))).containsExactly(3L, 2L, 1L);
      assertThat(turn.admit(entry(1), List.of(entry(2)))).isFalse();
    }
    assertThat(policies.active()).isEqualTo("bad");
  }

  @ParameterizedTest
  @EnumSource(In.class)
  void oneThatThrows(In in) throws Exception {
    install(
        new Bad(
            in,
            () -> {
              throw new IllegalStateException("broken");
            }));
    try (RankingTurn turn = ranking.turn()) {
      everyCall(turn);
    }
    assertWithdrawn(in.called + " threw java.lang.IllegalStateException: broken");
  }

  @Test
  void oneWithoutAnInstance() throws Exception {
    install(
        new CachePolicy() {
          @Override
          public String name() {
            return "bad";
          }

          @Override
          @SuppressWarnings("NullAway") // on purpose
          public CachePolicy forCache(CacheTraits cache) {
            return null;
          }

          @Override
          public double rank(LedgerEntry entry) {
            return 0;
          }
        });
    try (RankingTurn turn = ranking.turn()) {
      assertThat(keys(turn.order(all()))).containsExactly(1L, 2L, 3L);
    }
    assertWithdrawn("forCache returned null");
  }

  @Test
  void oneThatRanksWithNaN() throws Exception {
    install(
        new CachePolicy() {
          @Override
          public String name() {
            return "bad";
          }

          @Override
          public double rank(LedgerEntry entry) {
            return entry.key() == 3 ? Double.NaN : -entry.lastTick();
          }
        });
    try (RankingTurn turn = ranking.turn()) {
      assertThat(keys(turn.order(all()))).containsExactly(1L, 2L, 3L);
    }
    assertWithdrawn("rank returned NaN");
  }

  @Test
  void oneThatIsSlowButNotOneThatIsSlowNowAndThen() throws Exception {
    AtomicLong step = new AtomicLong(RankingTurn.SLOW_NANOS);
    AtomicLong calls = new AtomicLong();
    install(
        new Bad(
            In.RANK,
            () -> clock.addAndGet(calls.incrementAndGet() % 3 == 0 ? 1_000_000 : step.get())));
    try (RankingTurn turn = ranking.turn()) {
      for (int i = 0; i < 100; i++) {
        turn.order(all());
      }
      assertThat(policies.active()).isEqualTo("bad");
      step.set(2 * RankingTurn.SLOW_NANOS);
      for (int i = 0; i < 100; i++) {
        turn.order(all());
      }
    }
    assertWithdrawn("its median rank takes 10 µs");
  }

  private void hang() {
    inside.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Boolean> stuck() throws InterruptedException {
    CompletableFuture<Boolean> over =
        CompletableFuture.supplyAsync(
            () -> {
              try (RankingTurn turn = ranking.turn()) {
                everyCall(turn);
                return ranking.isOver(turn);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
    return over;
  }

  @ParameterizedTest
  @EnumSource(
      value = In.class,
      names = {"FOR_CACHE", "ACCESSED"})
  void oneThatHangsKeepsOthersForASecondAndOnlyOnce(In in) throws Exception {
    install(new Bad(in, this::hang));
    CompletableFuture<Boolean> stuck = stuck();
    ranking.turn().close();
    assertWithdrawn("a call into it does not return");
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      ranking.turn().close();
    }
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
    end.countDown();
    assertThat(stuck.get(5, TimeUnit.SECONDS)).as("its answer counts no more").isTrue();
  }

  @Test
  void oneThatHangsWhileNobodyWantsATurnIsNoticedToo() throws Exception {
    install(new Bad(In.ACCESSED, this::hang));
    CompletableFuture<Boolean> stuck = stuck();
    ranking.watch();
    assertThat(policies.active()).isEqualTo("bad");
    ranking.watch();
    assertWithdrawn("a call into it does not return");
    end.countDown();
    stuck.get(5, TimeUnit.SECONDS);
  }

  @Test
  void oneThatHangsAndDecidesNoMoreDoesNotHarmItsSuccessor() throws Exception {
    install(new Bad(In.RANK, this::hang));
    registry.added("good", new Bad(In.RANK, () -> {}), "acme.good 1.0.0", 0);
    stuck();
    policies.use("good");
    ranking.watch();
    ranking.watch();
    assertThat(policies.active()).isEqualTo("good");
    try (RankingTurn turn = ranking.turn()) {
      assertThat(keys(turn.order(all()))).containsExactly(3L, 2L, 1L);
    }
  }
}
