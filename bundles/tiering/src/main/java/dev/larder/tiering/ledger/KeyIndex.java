package dev.larder.tiering.ledger;

import java.util.Arrays;

/**
 * Finds the slot of a key: open addressing with linear probing in one array of slots, at most three
 * quarters full; removal shifts back, so there are no tombstones. The keys themselves are the
 * ledger's. Not safe for use by several threads.
 */
final class KeyIndex {

  private static final int EMPTY = -1;

  private int[] table;

  /** Room for that many slots. */
  KeyIndex(int slots) {
    table = empty(tableSize(slots));
  }

  private static int tableSize(int slots) {
    return Math.max(16, Integer.highestOneBit(Math.max(1, (slots * 4 + 2) / 3 - 1)) << 1);
  }

  /** Slots that fit into a table large enough for that many. */
  static int roomFor(int slots) {
    return tableSize(slots) / 4 * 3;
  }

  private static int[] empty(int size) {
    int[] fresh = new int[size];
    Arrays.fill(fresh, EMPTY);
    return fresh;
  }

  /** The slot whose key that is, or -1. */
  int find(long key, long[] keys) {
    int mask = table.length - 1;
    for (int i = home(key, mask); table[i] != EMPTY; i = (i + 1) & mask) {
      if (keys[table[i]] == key) {
        return table[i];
      }
    }
    return EMPTY;
  }

  /** Adds a slot whose key is not there yet. */
  void add(int slot, long[] keys) {
    int mask = table.length - 1;
    int i = home(keys[slot], mask);
    while (table[i] != EMPTY) {
      i = (i + 1) & mask;
    }
    table[i] = slot;
  }

  /** Tells that two slots have changed places, before their keys do. */
  void swap(int a, int b, long[] keys) {
    int placeOfA = place(a, keys);
    int placeOfB = place(b, keys);
    table[placeOfA] = b;
    table[placeOfB] = a;
  }

  private int place(int slot, long[] keys) {
    int mask = table.length - 1;
    int i = home(keys[slot], mask);
    while (table[i] != slot) {
      i = (i + 1) & mask;
    }
    return i;
  }

  /** Removes a slot; its key must still be in the array. */
  void remove(int slot, long[] keys) {
    int mask = table.length - 1;
    int hole = place(slot, keys);
    for (int i = (hole + 1) & mask; table[i] != EMPTY; i = (i + 1) & mask) {
      int home = home(keys[table[i]], mask);
      boolean mayMove = ((i - home) & mask) >= ((i - hole) & mask);
      if (mayMove) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = EMPTY;
  }

  /** Makes room for that many slots. */
  void grow(int slots, int used, long[] keys) {
    int size = tableSize(slots);
    if (size > table.length) {
      table = empty(size);
      for (int slot = 0; slot < used; slot++) {
        add(slot, keys);
      }
    }
  }

  int bytes() {
    return table.length * Integer.BYTES;
  }

  private static int home(long key, int mask) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
  }
}
