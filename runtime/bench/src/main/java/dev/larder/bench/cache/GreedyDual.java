package dev.larder.bench.cache;

/**
 * GreedyDual-Size-Frequency, exact (L. Cherkasova, "Improving WWW proxies performance with
 * Greedy-Dual-Size-Frequency caching policy", 1998): the priority of an object is L + f × v / s; f
 * counts its accesses since it came in, L is the priority of what was evicted last, v is what the
 * objective takes a hit for. With f alone it is LFU.
 */
final class GreedyDual implements SimulatedCache {

  private final long capacity;
  private final Objective objective;
  private final boolean aging;
  private final long[] sizes;
  private final int[] counts;
  private final KeyHeap heap;
  private long used;
  private long accesses;
  private double requested;
  private double level;

  private GreedyDual(long capacity, int keys, Objective objective, boolean aging) {
    this.capacity = capacity;
    this.objective = objective;
    this.aging = aging;
    sizes = new long[keys];
    counts = new int[keys];
    heap = new KeyHeap(keys);
  }

  static SimulatedCache gdsf(long capacity, int keys, Objective objective) {
    return new GreedyDual(capacity, keys, objective, true);
  }

  /** Of equal counts the least recently used goes first. */
  static SimulatedCache lfu(long capacity, int keys) {
    return new GreedyDual(capacity, keys, Objective.OHR, false);
  }

  @Override
  public boolean access(int key, long size) {
    accesses++;
    requested += size;
    boolean hit = heap.contains(key);
    if (!hit) {
      if (size > capacity) {
        return false;
      }
      evict(capacity - size);
      counts[key] = 0;
    }
    used += size - (hit ? sizes[key] : 0);
    sizes[key] = size;
    counts[key]++;
    heap.set(key, priority(key));
    evict(capacity);
    return hit;
  }

  private double priority(int key) {
    if (!aging) {
      return counts[key];
    }
    double value = objective.value(sizes[key], requested / accesses);
    return level + counts[key] * value / Math.max(1, sizes[key]);
  }

  private void evict(long most) {
    while (used > most) {
      int victim = heap.top();
      level = heap.priority(victim);
      used -= sizes[victim];
      heap.remove(victim);
    }
  }
}
