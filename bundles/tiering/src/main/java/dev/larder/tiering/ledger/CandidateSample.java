package dev.larder.tiering.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/**
 * Which residents are looked at for a victim: all of them up to 64, else 32 taken at random.
 * Sampling is nearly as good as an exact order (Psounis and Prabhakar, "A randomized web-cache
 * replacement scheme", 2001) and needs none to be kept.
 */
public final class CandidateSample {

  /** Up to so many residents are all looked at. */
  public static final int EXACT = 64;

  /** So many of more residents are looked at. */
  public static final int SAMPLE = 32;

  private CandidateSample() {}

  /**
   * Copies the candidates out. Under the ledger's lock.
   *
   * @param evictable which keys may go
   */
  public static List<LedgerRecord> of(
      Ledger ledger, LongPredicate evictable, RandomGenerator random) {
    int residents = ledger.residents();
    List<LedgerRecord> sample = new ArrayList<>();
    if (residents > EXACT) {
      draw(ledger, evictable, random, sample);
    }
    if (sample.isEmpty()) {
      int start = residents == 0 ? 0 : random.nextInt(residents);
      for (int i = 0; i < residents && sample.size() < EXACT; i++) {
        add(ledger, ledger.residentKey((start + i) % residents), evictable, sample);
      }
    }
    return sample;
  }

  private static void draw(
      Ledger ledger, LongPredicate evictable, RandomGenerator random, List<LedgerRecord> sample) {
    Set<Long> drawn = new HashSet<>();
    for (int i = 0; i < 4 * SAMPLE && sample.size() < SAMPLE; i++) {
      long key = ledger.residentKey(random.nextInt(ledger.residents()));
      if (drawn.add(key)) {
        add(ledger, key, evictable, sample);
      }
    }
  }

  private static void add(
      Ledger ledger, long key, LongPredicate evictable, List<LedgerRecord> sample) {
    if (evictable.test(key)) {
      LedgerRecord copy = new LedgerRecord();
      ledger.read(key, copy);
      sample.add(copy);
    }
  }
}
