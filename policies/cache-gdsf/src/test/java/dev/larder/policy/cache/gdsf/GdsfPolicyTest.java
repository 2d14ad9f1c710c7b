package dev.larder.policy.cache.gdsf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import org.junit.jupiter.api.Test;

final class GdsfPolicyTest {

  private record Cache(long capacityBytes, int residents) implements CacheTraits {}

  /** An entry that was accessed so many times just before its last access. */
  private record Entry(long size, long lastTick, int accesses, double reloadMicros, long now)
      implements LedgerEntry {
    @Override
    public long key() {
      return size;
    }

    @Override
    public double frequency(int halfLife) {
      return Math.log(accesses) / Math.log(2) + lastTick / Math.pow(2, 5 + 3 * halfLife);
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

  private final CachePolicy policy = new GdsfPolicy().forCache(new Cache(1 << 20, 10));

  private static Entry entry(long size, long lastTick, int accesses, double reloadMicros) {
    return new Entry(size, lastTick, accesses, reloadMicros, lastTick + 100);
  }

  @Test
  void worthIsAccessesTimesCostForEachByte() {
    Entry base = entry(1000, 5, 2, 500);
    assertThat(policy.name()).isEqualTo("gdsf");
    assertThat(policy.rank(base)).isBetween(0.999, 1.001);
    assertThat(policy.rank(entry(2000, 5, 2, 500))).isLessThan(policy.rank(base));
    assertThat(policy.rank(entry(1000, 5, 3, 500))).isGreaterThan(policy.rank(base));
    assertThat(policy.rank(entry(1000, 5, 2, 600))).isGreaterThan(policy.rank(base));
    assertThat(policy.rank(entry(0, 5, 2, 0))).isFinite(); // empty, and its cost not known
  }

  @Test
  void whatIsUsedRisesAboveWhatWasEvictedAndOthersDoNot() {
    Entry old = entry(1000, 5, 4, 500);
    double before = policy.rank(old);
    for (int tick = 100; tick < 110; tick++) {
      policy.evicted(new Entry(1000, tick, 10, 500, tick));
    }
    assertThat(policy.rank(old)).isEqualTo(before);
    assertThat(policy.rank(entry(1000, 120, 1, 500))).isGreaterThan(before);
  }

  @Test
  void eachCacheHasItsOwnLevelAndHoldsNoMoreThanItMay() {
    CachePolicy other = new GdsfPolicy().forCache(new Cache(1 << 20, 1));
    for (int tick = 0; tick < 100_000; tick++) {
      policy.evicted(new Entry(1000, tick, 10, 500, tick));
    }
    Entry entry = entry(1000, 200_000, 1, 500);
    assertThat(policy.rank(entry)).isGreaterThan(1_000);
    assertThat(other.rank(entry)).isLessThan(1);
  }
}
