package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import dev.larder.tiering.ledger.CacheModel.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class CacheModelTest {

  private static final CachePolicy LRU = policy(LedgerEntry::lastTick);

  private final Random random = new Random(11);

  private static CachePolicy policy(ToDoubleFunction<LedgerEntry> rank) {
    return new CachePolicy() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public double rank(LedgerEntry entry) {
        return rank.applyAsDouble(entry);
      }
    };
  }

  /** Popular keys are small numbers. */
  private long skewed(int keys) {
    return (long) (keys * Math.pow(random.nextDouble(), 3));
  }

  @Test
  void withFewResidentsItIsAnExactLru() {
    CacheModel model = new CacheModel(60, LRU, Admission.ALWAYS, random);
    Map<Long, Boolean> exact = new LinkedHashMap<>(16, 0.75f, true);
    for (int i = 0; i < 20_000; i++) {
      long key = skewed(300);
      assertThat(model.access(key, 1)).isEqualTo(exact.put(key, true) != null);
      if (exact.size() > 60) {
        exact.remove(exact.keySet().iterator().next());
      }
    }
    assertThat(model.residents()).isEqualTo(60);
  }

  @Test
  void withManyResidentsItComesCloseToAnExactLru() {
    CacheModel model = new CacheModel(1_000, LRU, Admission.ALWAYS, random);
    Map<Long, Boolean> exact = new LinkedHashMap<>(16, 0.75f, true);
    int hits = 0;
    int exactHits = 0;
    for (int i = 0; i < 200_000; i++) {
      long key = skewed(20_000);
      hits += model.access(key, 1) ? 1 : 0;
      exactHits += exact.put(key, true) != null ? 1 : 0;
      if (exact.size() > 1_000) {
        exact.remove(exact.keySet().iterator().next());
      }
    }
    assertThat(exactHits).isGreaterThan(40_000);
    assertThat((double) hits / exactHits).isEqualTo(1, within(0.01));
  }

  @Test
  void itHoldsWhatItSaysAndNeverMoreThanItsCapacity() {
    for (Admission admission : Admission.values()) {
      Map<Long, Long> sizes = new HashMap<>();
      CachePolicy picky =
          new CachePolicy() {
            @Override
            public String name() {
              return "picky";
            }

            @Override
            public double rank(LedgerEntry entry) {
              assertThat(entry.resident()).isTrue();
              return entry.frequency(3) - entry.size() / 100.0;
            }

            @Override
            public boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
              long bytes = 0;
              for (LedgerEntry victim : victims) {
                assertThat(victim.key()).isNotEqualTo(candidate.key());
                bytes += victim.size();
              }
              assertThat(bytes).isPositive();
              return random.nextBoolean();
            }

            @Override
            public void evicted(LedgerEntry entry) {
              assertThat(sizes).containsEntry(entry.key(), entry.size());
            }
          };
      CacheModel model = new CacheModel(10_000, picky, admission, random);
      int hits = 0;
      for (int i = 0; i < 50_000; i++) {
        long key = skewed(2_000);
        boolean resident = model.isResident(key);
        long size = random.nextInt(20) == 0 ? random.nextInt(12_000) : (key * 7919) % 50;
        sizes.put(key, size);
        boolean hit = model.access(key, size);
        hits += hit ? 1 : 0;
        assertThat(hit).isEqualTo(resident);
        assertThat(model.usedBytes()).isBetween(0L, 10_000L);
        if (i % 100 == 0) {
          model.drop(skewed(2_000));
          long ahead = skewed(2_000);
          if (!model.isResident(ahead)) {
            sizes.put(ahead, 10L);
          }
          assertThat(model.prefetch(ahead, 10)).isTrue();
        }
      }
      assertThat(hits).isGreaterThan(10_000);
      List<Long> residents = new ArrayList<>();
      for (long key = 0; key < 2_000; key++) {
        if (model.isResident(key)) {
          residents.add(key);
        }
      }
      assertThat(residents).hasSize(model.residents());
    }
  }

  @Test
  void whatIsNotAdmittedIsRememberedAndDisplacesNothing() {
    CachePolicy never =
        new CachePolicy() {
          @Override
          public String name() {
            return "never";
          }

          @Override
          public double rank(LedgerEntry entry) {
            return 0;
          }

          @Override
          public boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
            assertThat(candidate.resident()).isFalse();
            assertThat(candidate.lastTick()).isEqualTo(candidate.now());
            return false;
          }
        };
    CacheModel model = new CacheModel(200, never, Admission.ASKED, random);
    for (long key = 0; key < 1_000; key++) {
      model.access(key, 1);
    }
    assertThat(model.evictions()).isZero();
    for (long key = 0; key < 1_000; key++) {
      assertThat(model.isResident(key)).isEqualTo(key < 200);
    }
  }

  @Test
  void anotherPolicyEvictsNothing() {
    CacheModel model = new CacheModel(200, LRU, Admission.ALWAYS, random);
    for (long key = 0; key < 1_000; key++) {
      model.access(key, 1);
    }
    model.use(policy(entry -> -entry.lastTick()));
    assertThat(model.residents()).isEqualTo(200);
    model.access(5_000, 1); // the newest goes for it
    assertThat(model.isResident(5_000)).isTrue();
    assertThat(model.residents()).isEqualTo(200);
  }
}
