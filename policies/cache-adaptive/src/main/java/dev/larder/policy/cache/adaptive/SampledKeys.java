package dev.larder.policy.cache.adaptive;

import java.util.Arrays;
import java.util.function.LongToIntFunction;

/**
 * The keys that are in any of the shadow caches: a slot for each, found by open addressing. Holds a
 * fixed number.
 */
final class SampledKeys {

  static final int SLOTS = 4096;
  private static final int MASK = 4 * SLOTS - 1;
  private static final int NONE = -1;

  final long[] keys = new long[SLOTS];
  final long[] sizes = new long[SLOTS];
  final int[] weights = new int[SLOTS]; // how many objects it stands for
  final int[] holders = new int[SLOTS]; // shadow caches that have it
  private final int[] table = new int[MASK + 1];
  private final int[] free = new int[SLOTS];
  private final boolean[] taken = new boolean[SLOTS];
  private int frees = SLOTS;

  SampledKeys() {
    Arrays.fill(table, NONE);
    for (int i = 0; i < SLOTS; i++) {
      free[i] = SLOTS - 1 - i;
    }
  }

  /** A key's bits, well mixed; the low ones decide whether it is sampled. */
  static long mix(long key) {
    long x = key * 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 32) * 0xD6E8FEB86659FD93L;
    return x ^ x >>> 32;
  }

  private static int home(long key) {
    return (int) (mix(key) >>> 40) & MASK;
  }

  /** Whether fewer keys should be followed. */
  boolean nearlyFull() {
    return frees < SLOTS / 8;
  }

  /** Slot of a key, or -1. */
  int find(long key) {
    for (int i = home(key); table[i] != NONE; i = i + 1 & MASK) {
      if (keys[table[i]] == key) {
        return table[i];
      }
    }
    return NONE;
  }

  /** A slot for a key that has none; -1 if all are taken. */
  int add(long key, long size, int weight) {
    if (frees == 0) {
      return NONE;
    }
    int slot = free[--frees];
    keys[slot] = key;
    sizes[slot] = size;
    weights[slot] = weight;
    holders[slot] = 0;
    taken[slot] = true;
    int i = home(key);
    while (table[i] != NONE) {
      i = i + 1 & MASK;
    }
    table[i] = slot;
    return slot;
  }

  /** Frees a slot if nobody holds it. */
  void release(int slot) {
    if (holders[slot] > 0) {
      return;
    }
    int hole = home(keys[slot]);
    while (table[hole] != slot) {
      hole = hole + 1 & MASK;
    }
    for (int i = hole + 1 & MASK; table[i] != NONE; i = i + 1 & MASK) {
      int home = home(keys[table[i]]);
      if ((i - home & MASK) >= (i - hole & MASK)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = NONE;
    free[frees++] = slot;
    taken[slot] = false;
  }

  /** Gives all that are in use the weight that is due to their size. */
  void reweigh(LongToIntFunction weight) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (taken[slot]) {
        weights[slot] = weight.applyAsInt(sizes[slot]);
      }
    }
  }

  /** Frees all slots that nobody holds. */
  void releaseAll() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (taken[slot]) {
        release(slot);
      }
    }
  }

  /** Bytes that a slot takes in a shadow cache. */
  long bytes(int slot) {
    return sizes[slot] * weights[slot];
  }
}
