package dev.larder.tiering.ledger;

import dev.larder.spi.cache.CachePolicy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the residents of the lowest rank, one after the other: a heap of what they ranked when they
 * were last looked at. An access should only raise a rank, so nothing is done at an access; what
 * comes to the top is ranked anew, and goes down again if others are lower by now.
 *
 * <p>A sample of residents would need no order, but where a few objects have most of the bytes it
 * seldom has one of them, and hundreds of small ones go instead.
 *
 * <p>16 bytes for each resident. Not safe for use by several threads.
 */
final class VictimOrder {

  private static final int CHILDREN = 4; // of a node: they are in one line of the cache

  private final Ledger ledger;
  private final LedgerRecord entry = new LedgerRecord();
  private CachePolicy policy;
  private long epoch;
  private long[] keys = new long[64];
  private double[] ranks = new double[64];
  private int size;
  private double lastRank;

  VictimOrder(Ledger ledger, CachePolicy policy) {
    this.ledger = ledger;
    this.policy = policy;
    this.epoch = policy.epoch();
  }

  /** Notes a new resident. */
  void add(long key) {
    int slot = ledger.residentPlace(key);
    if (slot >= 0 && ledger.order(slot, true)) {
      ledger.readAt(slot, entry);
      push(key, policy.rank(entry));
    }
    if (size > 2 * ledger.residents() + 64) { // most are gone otherwise than as victims
      rebuild();
    }
  }

  /**
   * Begins a search: has all ranked anew if there are few, if their ranks are from another policy,
   * or if it has changed its mind.
   */
  void start(CachePolicy ranksNow) {
    boolean few = ledger.residents() <= CandidateSample.EXACT;
    if (!few && policy == ranksNow && epoch == ranksNow.epoch()) {
      return;
    }
    policy = ranksNow;
    epoch = ranksNow.epoch();
    rebuild();
  }

  private void rebuild() {
    size = 0;
    room(ledger.residents());
    for (int slot = 0; slot < ledger.residents(); slot++) {
      ledger.order(slot, true);
      ledger.readAt(slot, entry);
      keys[size] = entry.key;
      ranks[size++] = policy.rank(entry);
    }
    for (int i = (size - 2) / CHILDREN; i >= 0 && size > 1; i--) {
      down(i, keys[i], ranks[i]);
    }
  }

  /**
   * The next victim; null if there is none. It is not found again, unless it is given {@link
   * #back}. The record is the caller's until the next call.
   */
  @Nullable LedgerRecord next() {
    while (size > 0) {
      int slot = ledger.residentPlace(keys[0]);
      if (slot < 0 || !ledger.order(slot, false)) {
        pop();
        continue;
      }
      ledger.readAt(slot, entry);
      double rank = policy.rank(entry);
      if (rank <= ranks[0] || rank <= second()) {
        pop();
        lastRank = rank;
        return entry;
      }
      ledger.order(slot, true);
      down(0, entry.key, rank);
    }
    return null;
  }

  /** Rank of what {@link #next} returned last. */
  double lastRank() {
    return lastRank;
  }

  /** What was found stays. */
  void back(long key, double rank) {
    int slot = ledger.residentPlace(key);
    if (slot >= 0 && ledger.order(slot, true)) {
      push(key, rank);
    }
  }

  private double second() {
    return size > 1 ? ranks[lowestChild(0)] : Double.POSITIVE_INFINITY;
  }

  private int lowestChild(int parent) {
    int lowest = CHILDREN * parent + 1;
    int end = Math.min(size, lowest + CHILDREN);
    for (int child = lowest + 1; child < end; child++) {
      if (ranks[child] < ranks[lowest]) {
        lowest = child;
      }
    }
    return lowest;
  }

  private void push(long key, double rank) {
    room(size + 1);
    int at = size++;
    for (int parent = (at - 1) / CHILDREN; at > 0 && ranks[parent] > rank; ) {
      keys[at] = keys[parent];
      ranks[at] = ranks[parent];
      at = parent;
      parent = (at - 1) / CHILDREN;
    }
    keys[at] = key;
    ranks[at] = rank;
  }

  private void pop() {
    size--;
    down(0, keys[size], ranks[size]);
  }

  private void down(int from, long key, double rank) {
    int at = from;
    while (CHILDREN * at + 1 < size) {
      int child = lowestChild(at);
      if (ranks[child] >= rank) {
        break;
      }
      keys[at] = keys[child];
      ranks[at] = ranks[child];
      at = child;
    }
    keys[at] = key;
    ranks[at] = rank;
  }

  private void room(int wanted) {
    if (wanted > keys.length) {
      int length = Math.max(wanted, keys.length + (keys.length >> 1));
      keys = Arrays.copyOf(keys, length);
      ranks = Arrays.copyOf(ranks, length);
    }
  }
}
