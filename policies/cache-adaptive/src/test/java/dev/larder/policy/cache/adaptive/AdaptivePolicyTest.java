package dev.larder.policy.cache.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AdaptivePolicyTest {

  private record Cache(long capacityBytes, int residents, boolean mayBypass)
      implements CacheTraits {}

  private record Entry(long key, long size, long lastTick, long now, double log2Count)
      implements LedgerEntry {
    @Override
    public double frequency(int halfLife) {
      return log2Count + lastTick / Math.pow(2, 5 + 3 * halfLife);
    }

    @Override
    public double reloadMicros() {
      return 1_000;
    }

    @Override
    public boolean resident() {
      return true;
    }

    @Override
    public boolean prefetched() {
      return false;
    }
  }

  private static Entry entry(long key, long size, long tick, int accesses) {
    return new Entry(key, size, tick, tick, Math.log(accesses) / Math.log(2));
  }

  @Test
  void anObjectiveAndAShareAreChecked() {
    assertThat(Objective.of("bhr")).isEqualTo(Objective.BHR);
    assertThatThrownBy(() -> Objective.of("speed"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'speed', set it to seconds, ohr, bhr or joint");
    assertThatThrownBy(() -> new AdaptivePolicy(Objective.OHR, 51))
        .hasMessageContaining("smallPercent is 51, set it to 0 to 50");
  }

  /** The shadows are empty then: popular models of last week would have pushed out all new ones. */
  @Test
  void whenItTakesOverItRanksByAgeUntilItKnowsLevels() {
    Entry oldAndPopular = entry(1, 1_000, 10, 500);
    Entry fresh = entry(2, 1_000, 20, 1);
    CachePolicy first = new AdaptivePolicy(Objective.OHR, 0).forCache(new Cache(10_000, 0, false));
    CachePolicy after = new AdaptivePolicy(Objective.OHR, 0).forCache(new Cache(10_000, 8, false));
    assertThat(first.rank(oldAndPopular)).isGreaterThan(first.rank(fresh));
    assertThat(after.rank(oldAndPopular)).isLessThan(after.rank(fresh));
    long epoch = after.epoch();
    for (int i = 0; i < 20_000 && after.epoch() == epoch; i++) {
      after.accessed(entry(i, 1_000, i, 1), false);
    }
    assertThat(after.epoch()).as("it ranks by its own levels now").isGreaterThan(epoch);
    assertThat(after.rank(entry(1, 1_000, 20_000, 500)))
        .isGreaterThan(after.rank(entry(2, 1_000, 20_000, 1)));
  }

  @Test
  void objectivesValueSizesDifferently() {
    Entry small = entry(1, 1_000, 10, 1);
    Entry large = entry(2, 1_000_000, 10, 1);
    for (Objective objective : Objective.values()) {
      Valuation valuation = new Valuation(objective);
      valuation.accessed(3_000);
      valuation.accessed(5_000);
      double ratio = valuation.value(large) / valuation.value(small);
      double expected =
          switch (objective) {
            case OHR, SECONDS -> 1;
            case BHR -> 1_000;
            case JOINT -> 1_004_000.0 / 5_000;
          };
      assertThat(ratio).isEqualTo(expected);
    }
  }

  @Test
  void someSmallObjectsStayWhateverTheyAreWorth() {
    Cache cache = new Cache(1L << 40, 0, true);
    Entry small = entry(1, 1_000, 10, 1);
    Entry large = entry(2, 2 << 20, 1_000, 1_000_000_000);
    CachePolicy spares = new AdaptivePolicy(Objective.SECONDS, 5).forCache(cache);
    assertThat(spares.rank(small)).isGreaterThan(spares.rank(large));
    CachePolicy spares0 = new AdaptivePolicy(Objective.SECONDS, 0).forCache(cache);
    assertThat(spares0.rank(small)).isLessThan(spares0.rank(large));
  }

  /** A loop over somewhat more than fits: who keeps what was last used never hits. */
  @Test
  void aLoopIsLearnedWhereAdmissionIsAsked() {
    AdaptiveRanking ranking = new AdaptiveRanking(new Cache(100, 100, true), Objective.OHR, 0);
    int refused = 0;
    for (int tick = 0; tick < 20_000; tick++) {
      ranking.accessed(entry(tick % 150, 1, tick, 1 + tick / 150), false);
      Entry same = entry(1_000 + tick, 1, tick, 1 + tick / 150);
      refused += ranking.admit(same, List.of(same)) ? 0 : 1;
    }
    assertThat(ranking.epoch()).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void whereAllMustBeKeptAllIsAdmitted() {
    AdaptiveRanking ranking = new AdaptiveRanking(new Cache(100, 100, false), Objective.OHR, 0);
    Random random = new Random(2);
    for (int tick = 0; tick < 20_000; tick++) {
      Entry entry = entry(random.nextInt(1_000), 1, tick, 1 + random.nextInt(9));
      ranking.accessed(entry, false);
      assertThat(ranking.admit(entry, List.of(entry))).isTrue();
      assertThat(ranking.rank(entry)).isNotNaN();
    }
  }

  @Test
  void anyNumberOfKeysAndSizesIsFollowed() {
    Cache cache = new Cache(1L << 30, 50_000, true);
    AdaptiveRanking ranking = new AdaptiveRanking(cache, Objective.JOINT, 0);
    Random random = new Random(3);
    for (int tick = 0; tick < 300_000; tick++) {
      long key = random.nextLong() % 100_000;
      long size = Math.max(0, (long) Math.exp(random.nextGaussian() * 5 + 7));
      ranking.accessed(entry(key, size, tick, 1 + random.nextInt(50)), random.nextBoolean());
      if (tick % 100 == 0) {
        assertThat(ranking.rank(entry(key, size, tick, 3))).isNotNaN();
      }
    }
  }
}
