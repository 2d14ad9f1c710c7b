package dev.larder.tiering.ram;

/**
 * Accesses that the policy has not been told of yet: a ring that forgets the oldest when nobody
 * empties it. Under the cache's lock.
 */
final class AccessLog {

  private static final int SIZE = 1024;

  private final long[] keys = new long[SIZE];
  private final boolean[] hits = new boolean[SIZE];
  private long head;
  private long tail;

  void add(long key, boolean hit) {
    int i = (int) (head++ % SIZE);
    keys[i] = key;
    hits[i] = hit;
    if (head - tail > SIZE) {
      tail = head - SIZE;
    }
  }

  /** Takes up to a length of the oldest out; returns how many. */
  int drain(long[] keysOut, boolean[] hitsOut) {
    int count = (int) Math.min(keysOut.length, head - tail);
    for (int i = 0; i < count; i++) {
      int at = (int) (tail++ % SIZE);
      keysOut[i] = keys[at];
      hitsOut[i] = hits[at];
    }
    return count;
  }
}
