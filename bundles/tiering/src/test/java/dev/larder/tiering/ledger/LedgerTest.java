package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.spi.cache.LedgerEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private final Ledger ledger = new Ledger(new Random(1));
  private final LedgerRecord entry = new LedgerRecord();

  private LedgerRecord read(long key) {
    assertThat(ledger.read(key, entry)).isTrue();
    return entry;
  }

  @Test
  void anEntryHasWhatWasNoted() {
    ledger.admit(7, 1234, false);
    ledger.access(7);
    ledger.access(99); // unknown: only time goes on
    ledger.reloaded(7, 500);
    LedgerRecord seven = read(7);
    assertThat(seven.key()).isEqualTo(7);
    assertThat(seven.size()).isEqualTo(1234);
    assertThat(seven.now()).isEqualTo(2);
    assertThat(seven.lastTick()).isEqualTo(1);
    assertThat(seven.reloadMicros()).isEqualTo(500);
    assertThat(seven.resident()).isTrue();
    assertThat(seven.prefetched()).isFalse();
    assertThat(seven.count(0)).isEqualTo(Math.pow(2, -1 / 32.0), within(1e-6));
    assertThat(ledger.read(99, entry)).isFalse();
  }

  @Test
  void countsDecayAsTheyShould() {
    Random random = new Random(5);
    List<Long> accesses = new ArrayList<>();
    ledger.admit(1, 10, false);
    for (int i = 0; i < 200_000; i++) {
      boolean ours = random.nextInt(10) < 3;
      ledger.access(ours ? 1 : 2);
      if (ours) {
        accesses.add(ledger.now());
      }
    }
    read(1);
    for (int i = 0; i < LedgerEntry.HALF_LIVES; i++) {
      double exact = 0;
      for (long tick : accesses) {
        exact += Math.pow(2, (double) (tick - ledger.now()) / Ledger.halfLife(i));
      }
      assertThat(entry.count(i)).isEqualTo(exact, within(exact * 0.001));
      double log = Math.log(exact) / Math.log(2) + (double) ledger.now() / Ledger.halfLife(i);
      assertThat(entry.frequency(i)).isEqualTo(log, within(0.002));
    }
  }

  @Test
  void orderOfEntriesThatAreNotTouchedNeverChanges() {
    for (long key = 0; key < 20; key++) {
      ledger.admit(key, 10, false);
      for (int i = 0; i <= key % 7; i++) {
        ledger.access(key);
      }
    }
    List<double[]> before = frequencies();
    for (int i = 0; i < 1_000_000; i++) {
      ledger.access(-1);
    }
    assertThat(frequencies()).usingRecursiveComparison().isEqualTo(before);
  }

  private List<double[]> frequencies() {
    List<double[]> all = new ArrayList<>();
    for (long key = 0; key < 20; key++) {
      read(key);
      double[] values = new double[LedgerEntry.HALF_LIVES];
      for (int i = 0; i < values.length; i++) {
        values[i] = entry.frequency(i);
      }
      all.add(values);
    }
    return all;
  }

  @Test
  void shortHalfLifeRanksLikeLruAndALongOneLikeLfu() {
    ledger.admit(1, 10, false);
    ledger.admit(2, 10, false);
    for (int i = 0; i < 100; i++) {
      ledger.access(1);
    }
    for (int i = 0; i < 400; i++) {
      ledger.access(-1);
    }
    ledger.access(2);
    read(1);
    double shortOld = entry.frequency(0);
    double longOld = entry.frequency(5);
    read(2);
    assertThat(entry.frequency(0)).isGreaterThan(shortOld);
    assertThat(entry.frequency(5)).isLessThan(longOld);
  }

  @Test
  void anEvictedEntryIsRememberedAndBringsItsHistoryBack() {
    ledger.admit(1, 10, false);
    ledger.access(1);
    ledger.access(1);
    ledger.evict(1);
    assertThat(ledger.isResident(1)).isFalse();
    assertThat(ledger.residents()).isZero();
    assertThat(ledger.ghosts()).isEqualTo(1);
    assertThat(read(1).resident()).isFalse();
    ledger.access(1); // a miss
    ledger.admit(1, 11, false);
    assertThat(read(1).count(5)).isEqualTo(3, within(0.001));
    assertThat(entry.size()).isEqualTo(11);
    assertThat(ledger.ghosts()).isZero();
  }

  @Test
  void prefetchedEndsWithTheFirstAccess() {
    ledger.admit(1, 10, true);
    assertThat(read(1).prefetched()).isTrue();
    assertThat(entry.count(3)).isLessThan(1);
    ledger.access(1);
    assertThat(read(1).prefetched()).isFalse();
    assertThat(entry.count(3)).isEqualTo(1, within(1e-6));
  }

  @Test
  void ghostsAreBoundedAndTheOldGoFirst() {
    for (long key = 0; key < 20_000; key++) {
      ledger.admit(key, 1, false);
      ledger.access(key);
      ledger.evict(key);
    }
    assertThat(ledger.ghosts()).isEqualTo(Ledger.MIN_GHOSTS);
    int recent = 0;
    for (long key = 20_000 - 2_000; key < 20_000; key++) {
      recent += ledger.read(key, entry) ? 1 : 0;
    }
    assertThat(recent).isGreaterThan(Ledger.MIN_GHOSTS * 8 / 10);
  }

  @Test
  void atMost64BytesForEachEntry() {
    for (long key = 0; key < 30_000; key++) {
      ledger.admit(key * 0x9E3779B97F4A7C15L, 1, false);
    }
    assertThat((double) ledger.bytes() / ledger.capacity()).isLessThanOrEqualTo(59);
    assertThat(ledger.capacity()).isGreaterThanOrEqualTo(30_000);
  }

  @Test
  void behavesLikeAMapUnderRandomOperations() {
    Random random = new Random(42);
    Map<Long, Long> residents = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 300_000; i++) {
      long key = random.nextInt(600) << 20; // alike in their low bits
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          ledger.admit(key, i, false);
          residents.put(key, (long) i);
          seen.add(key);
        }
        case 2 -> {
          ledger.evict(key);
          residents.remove(key);
        }
        case 3 -> {
          if (random.nextInt(10) == 0) {
            ledger.forget(key);
            residents.remove(key);
            seen.remove(key);
          }
        }
        default -> ledger.access(key);
      }
      if (i % 1_000 == 0) {
        check(residents, seen);
      }
    }
    check(residents, seen);
  }

  private void check(Map<Long, Long> residents, Set<Long> seen) {
    assertThat(ledger.residents()).isEqualTo(residents.size());
    residents.forEach((key, size) -> assertThat(read(key).size()).isEqualTo(size));
    residents.keySet().forEach(key -> assertThat(ledger.isResident(key)).isTrue());
    seen.forEach(key -> assertThat(ledger.read(key, entry)).isTrue());
    assertThat(ledger.ghosts()).isEqualTo(seen.size() - residents.size());
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < ledger.residents(); i++) {
      keys.add(ledger.residentKey(i));
    }
    assertThat(keys).isEqualTo(residents.keySet());
  }
}
