package dev.larder.policy.cache.lru;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.cache.LedgerEntry;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LruPolicyTest {

  private record Entry(long key, long lastTick) implements LedgerEntry {
    @Override
    public long size() {
      return 1L << (40 - key);
    }

    @Override
    public long now() {
      return 1000;
    }

    @Override
    public double frequency(int halfLife) {
      return -lastTick;
    }

    @Override
    public double reloadMicros() {
      return 1;
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

  @Test
  void theLeastRecentlyUsedGoesFirstWhateverItsSizeOrFrequency() {
    LruPolicy policy = new LruPolicy();
    List<Long> order =
        Stream.of(new Entry(1, 30), new Entry(2, 10), new Entry(3, 20), new Entry(4, 0))
            .sorted(Comparator.comparingDouble(policy::rank))
            .map(Entry::key)
            .toList();
    assertThat(order).containsExactly(4L, 2L, 3L, 1L);
    assertThat(policy.name()).isEqualTo("lru");
    assertThat(policy.admit(new Entry(1, 1), List.of())).isTrue();
  }
}
