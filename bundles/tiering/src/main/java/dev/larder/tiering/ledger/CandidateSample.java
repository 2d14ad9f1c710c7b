package dev.larder.tiering.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/**
 * Which residents are looked at for a victim: all of them up to 64, else 32 taken at random, half
 * of them by number and half by bytes: where a few objects have most of the bytes, a sample by
 * number would seldom have one of them, and hundreds of small ones would go instead. Sampling is
 * nearly as good as an exact order (Psounis and Prabhakar, "A randomized web-cache replacement
 * scheme", 2001) and needs none to be kept.
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
      Set<Long> drawn = new HashSet<>();
      drawByBytes(ledger, evictable, random, drawn, sample);
      draw(ledger, evictable, random, drawn, sample);
    }
    if (sample.isEmpty()) {
      int start = residents == 0 ? 0 : random.nextInt(residents);
      for (int i = 0; i < residents && sample.size() < EXACT; i++) {
        add(ledger, ledger.residentKey((start + i) % residents), evictable, sample);
      }
    }
    return sample;
  }

  /** Those that have the bytes at equal distances from a random first one. */
  private static void drawByBytes(
      Ledger ledger,
      LongPredicate evictable,
      RandomGenerator random,
      Set<Long> drawn,
      List<LedgerRecord> sample) {
    double bytes = 0;
    for (int place = 0; place < ledger.residents(); place++) {
      bytes += ledger.sizeAt(place);
    }
    double distance = bytes / (SAMPLE / 2);
    double next = random.nextDouble() * distance;
    double behind = 0;
    for (int place = 0; place < ledger.residents(); place++) {
      behind += ledger.sizeAt(place);
      if (behind > next) {
        long key = ledger.residentKey(place);
        drawn.add(key);
        add(ledger, key, evictable, sample);
        next += distance * Math.floor((behind - next) / distance + 1);
      }
    }
  }

  private static void draw(
      Ledger ledger,
      LongPredicate evictable,
      RandomGenerator random,
      Set<Long> drawn,
      List<LedgerRecord> sample) {
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
