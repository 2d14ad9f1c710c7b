package dev.larder.tiering.ledger;

import dev.larder.spi.cache.CachePolicy;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the residents of the lowest rank, one after the other, without an order of them being kept.
 * Up to {@link CandidateSample#EXACT} are all looked at. Of more, a few are drawn at random for
 * each victim, and the lowest of those that were drawn before are looked at again: K. Psounis and
 * B. Prabhakar, "A randomized web-cache replacement scheme", 2001, show how close that comes to an
 * exact order.
 *
 * <p>Allocates nothing once it is made. Not safe for use by several threads.
 */
final class VictimSearch {

  private static final int DRAWN = 16; // for each victim
  private static final int KEPT = 16; // the lowest of those that were not taken
  private static final int TRIES = 2 * DRAWN;
  private static final int ROOM = CandidateSample.EXACT + DRAWN;

  private final Ledger ledger;
  private final RandomGenerator random;
  private final LedgerRecord[] pool = new LedgerRecord[ROOM]; // lowest rank first, up to size
  private final double[] ranks = new double[ROOM];
  private CachePolicy policy;
  private int size;
  private boolean exact;

  VictimSearch(Ledger ledger, RandomGenerator random, CachePolicy policy) {
    this.ledger = ledger;
    this.random = random;
    this.policy = policy;
    for (int i = 0; i < ROOM; i++) {
      pool[i] = new LedgerRecord();
    }
  }

  /** Begins a search; what is left of the one before is ranked anew. */
  void start(CachePolicy ranksNow) {
    policy = ranksNow;
    int before = size;
    size = 0;
    exact = ledger.residents() <= CandidateSample.EXACT;
    for (int i = 0; i < before; i++) {
      int slot = ledger.residentPlace(pool[i].key);
      if (slot >= 0) {
        ledger.draw(slot, !exact);
        if (!exact) {
          look(i, slot);
        }
      }
    }
    for (int slot = 0; exact && slot < ledger.residents(); slot++) {
      look(size, slot);
    }
  }

  /**
   * The next victim, which is not found again until {@link Ledger#evict} or {@link #spare}; null if
   * there is none. The record is the caller's until the next call.
   */
  @Nullable LedgerRecord next() {
    int residents = ledger.residents();
    for (int i = 0, drawn = 0; !exact && i < TRIES && drawn < DRAWN; i++) {
      int slot = random.nextInt(residents);
      if (ledger.draw(slot, true)) {
        look(size, slot);
        drawn++;
      }
    }
    for (int slot = 0; !exact && size == 0 && slot < residents; slot++) {
      if (ledger.draw(slot, true)) { // nearly all are taken
        look(size, slot);
      }
    }
    if (size == 0) {
      return null;
    }
    LedgerRecord lowest = pool[0];
    size--;
    System.arraycopy(pool, 1, pool, 0, size);
    System.arraycopy(ranks, 1, ranks, 0, size);
    pool[size] = lowest;
    while (!exact && size > KEPT) {
      spare(pool[--size].key);
    }
    return lowest;
  }

  /** What was found stays. */
  void spare(long key) {
    int slot = ledger.residentPlace(key);
    if (slot >= 0) {
      ledger.draw(slot, false);
    }
  }

  /** Ranks a resident; the record for it is at that place of the pool, at or behind its end. */
  private void look(int place, int slot) {
    LedgerRecord entry = pool[place];
    ledger.readAt(slot, entry);
    double rank = policy.rank(entry);
    pool[place] = pool[size];
    int at = size++;
    while (at > 0 && ranks[at - 1] > rank) {
      ranks[at] = ranks[at - 1];
      pool[at] = pool[at - 1];
      at--;
    }
    ranks[at] = rank;
    pool[at] = entry;
  }
}
