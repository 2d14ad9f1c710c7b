package dev.larder.policy.cache.adaptive;

/**
 * The level of what was evicted, over the ticks of a cache: what it was at the last access of an
 * entry is part of its rank, and need not be kept with the entry. Points are taken by evictions, so
 * that they reach as far back as anything stays: the last {@value #POINTS}, at the latest every
 * {@value #PART}th of the residents. What was last accessed before counts as then.
 */
final class AgingCurve {

  private static final int POINTS = 1024; // a power of two
  private static final int PART = 64;

  private final long[] ticks = new long[POINTS];
  private final double[] levels = new double[POINTS];
  private long count; // points ever taken
  private int evictions; // since the last
  private double level;

  /** The level now; it never falls. */
  double level() {
    return level;
  }

  /**
   * Notes an eviction.
   *
   * @param now tick
   * @param rank of what went
   * @param residents how many there are
   */
  void evicted(long now, double rank, int residents) {
    level = Math.max(level, rank);
    if (++evictions * (long) PART >= residents) {
      evictions = 0;
      int place = place(count++);
      ticks[place] = now;
      levels[place] = level;
    }
  }

  /** Whether nothing was evicted yet: it tells nothing of ages. */
  boolean isFlat() {
    return count == 0;
  }

  private static int place(long point) {
    return (int) (point & POINTS - 1);
  }

  /** The level at a tick, between two points in proportion. */
  double at(long tick) {
    long low = Math.max(0, count - POINTS);
    long high = count; // the first point behind the tick, in the end
    if (low == high || tick >= ticks[place(high - 1)]) {
      return low == high ? 0 : levels[place(high - 1)];
    }
    long first = low;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (ticks[place(middle)] <= tick) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int after = place(high);
    if (high == first) {
      return count <= POINTS ? 0 : levels[after];
    }
    int before = place(high - 1);
    double share = (double) (tick - ticks[before]) / (ticks[after] - ticks[before]);
    return levels[before] + share * (levels[after] - levels[before]);
  }
}
