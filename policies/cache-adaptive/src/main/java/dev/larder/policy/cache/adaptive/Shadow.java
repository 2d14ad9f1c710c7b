package dev.larder.policy.cache.adaptive;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What an expert would keep of the sampled keys, and what that would have saved: a heap of ranks,
 * no content. An access only notes the new rank; what comes to the top is put in its place then.
 */
final class Shadow {

  /** Objects of less bytes are small. */
  static final long SMALL = 1 << 20;

  final Expert expert;
  final AgingCurve curve = new AgingCurve();
  double saved; // value of its hits, decayed
  private final SampledKeys keys;
  private final boolean[] resident = new boolean[SampledKeys.SLOTS];
  private final double[] ranks = new double[SampledKeys.SLOTS]; // as of the last access
  private final int[] heap = new int[SampledKeys.SLOTS];
  private final double[] heapRanks = new double[SampledKeys.SLOTS];
  private int size;
  private double used;
  private double smallUsed;
  private int[] victims = new int[16];

  Shadow(Expert expert, SampledKeys keys) {
    this.expert = expert;
    this.keys = keys;
  }

  boolean has(int slot) {
    return resident[slot];
  }

  /** Bytes of objects of less than 1 MiB that a cache like it has. */
  double smallBytes() {
    return smallUsed;
  }

  /** Counts the bytes of a slot that it has in (1) or out (-1). */
  void count(int slot, int sign) {
    double bytes = sign * (double) keys.bytes(slot);
    used += bytes;
    if (keys.sizes[slot] < SMALL) {
      smallUsed += bytes;
    }
  }

  /** An access to what it has. */
  void hit(int slot, double gain, double value) {
    ranks[slot] = curve.level() + gain;
    saved += value;
  }

  /**
   * Makes room.
   *
   * @param missing bytes that are to come
   * @param worth count × value of what is to come
   * @return whether it may come
   */
  boolean makeRoom(double missing, double capacity, double worth, long now) {
    double needed = used + missing - capacity;
    if (needed <= 0) {
      return true;
    }
    int count = 0;
    double level = curve.level();
    double cost = 0;
    double freed = 0;
    boolean admitted = true;
    while (admitted && freed < needed && size > 0) {
      int slot = lowest();
      if (count == victims.length) {
        victims = Arrays.copyOf(victims, 2 * count);
      }
      victims[count++] = slot;
      freed += keys.bytes(slot);
      if (!expert.admitsAll()) {
        cost += expert.margin() * expert.worth(ranks[slot] - level) * keys.bytes(slot);
        admitted = cost <= worth;
      }
    }
    if (!admitted) {
      for (int i = 0; i < count; i++) {
        push(victims[i]);
      }
      return false;
    }
    for (int i = 0; i < count; i++) {
      curve.evicted(now, ranks[victims[i]], size);
      leave(victims[i]);
    }
    return true;
  }

  private void leave(int slot) {
    resident[slot] = false;
    count(slot, -1);
    keys.holders[slot]--;
    keys.release(slot);
  }

  void add(int slot, double gain) {
    resident[slot] = true;
    keys.holders[slot]++;
    count(slot, 1);
    ranks[slot] = curve.level() + gain;
    push(slot);
  }

  /** Takes those out that are not sampled any more. */
  void retain(IntPredicate sampled) {
    int[] all = Arrays.copyOf(heap, size);
    size = 0;
    used = 0;
    smallUsed = 0;
    for (int slot : all) {
      resident[slot] = sampled.test(slot);
      if (resident[slot]) {
        count(slot, 1);
        push(slot);
      } else {
        keys.holders[slot]--;
      }
    }
  }

  private int lowest() {
    while (true) {
      int slot = heap[0];
      double rank = ranks[slot];
      if (rank == heapRanks[0] || size == 1 || rank <= second()) {
        size--;
        if (size > 0) {
          down(heap[size], heapRanks[size]);
        }
        return slot;
      }
      down(slot, rank);
    }
  }

  private double second() {
    return size > 2 ? Math.min(heapRanks[1], heapRanks[2]) : heapRanks[1];
  }

  private void push(int slot) {
    double rank = ranks[slot];
    int at = size++;
    while (at > 0 && heapRanks[(at - 1) >> 1] > rank) {
      heap[at] = heap[(at - 1) >> 1];
      heapRanks[at] = heapRanks[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    heap[at] = slot;
    heapRanks[at] = rank;
  }

  private void down(int slot, double rank) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heapRanks[child + 1] < heapRanks[child]) {
        child++;
      }
      if (heapRanks[child] >= rank) {
        break;
      }
      heap[at] = heap[child];
      heapRanks[at] = heapRanks[child];
      at = child;
    }
    heap[at] = slot;
    heapRanks[at] = rank;
  }
}
