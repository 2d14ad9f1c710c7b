package dev.larder.bench.cache;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * What no cache can exceed, since it knows the future. For equal sizes Belady's MIN, with misses
 * that need not be kept, which is exact. Else PFOO-L (D. Berger, N. Beckmann and M. Harchol-Balter,
 * "Practical bounds on optimal caching with variable object sizes", 2018): the intervals between
 * accesses of an object that save most for each byte and access that they take, as long as all
 * bytes of all the time are not used up; that they might not fit at one moment is left out.
 */
public final class Clairvoyant {

  /**
   * Hits of the best cache.
   *
   * @param hits by objects
   * @param bytes by bytes
   */
  public record Bound(double hits, double bytes) {}

  private Clairvoyant() {}

  /** The bound for a trace. */
  public static Bound of(Trace trace, long capacity, boolean equalSizes, Objective objective) {
    int[] next = nextAccesses(trace);
    return equalSizes ? belady(trace, capacity, next) : intervals(trace, capacity, next, objective);
  }

  private static int[] nextAccesses(Trace trace) {
    int[] next = new int[trace.length()];
    int[] seen = new int[trace.distinct()];
    Arrays.fill(seen, Integer.MAX_VALUE);
    for (int i = trace.length() - 1; i >= 0; i--) {
      next[i] = seen[trace.key(i)];
      seen[trace.key(i)] = i;
    }
    return next;
  }

  private static Bound belady(Trace trace, long capacity, int[] next) {
    TreeSet<Integer> residents = new TreeSet<>(); // by their next access
    long hits = 0;
    for (int i = 0; i < next.length; i++) {
      if (residents.remove(i)) {
        hits++;
      }
      if (next[i] != Integer.MAX_VALUE) {
        residents.add(next[i]);
        if (residents.size() > capacity) {
          residents.pollLast();
        }
      }
    }
    return new Bound(hits, hits);
  }

  private static Bound intervals(Trace trace, long capacity, int[] next, Objective objective) {
    double mean = (double) trace.requested() / trace.length();
    int count = 0;
    long[] order = new long[next.length]; // cost of a unit of value as a float, and the access
    for (int i = 0; i < next.length; i++) {
      if (next[i] != Integer.MAX_VALUE && trace.size(i) <= capacity) {
        double cost =
            (double) (next[i] - i) * trace.size(i) / objective.value(trace.size(next[i]), mean);
        order[count++] = (long) Float.floatToIntBits((float) cost) << 32 | i;
      }
    }
    Arrays.sort(order, 0, count);
    double room = (double) capacity * next.length;
    double hits = 0;
    double bytes = 0;
    for (int k = 0; k < count && room > 0; k++) {
      int i = (int) order[k];
      double needed = (double) (next[i] - i) * trace.size(i);
      double share = needed > room ? room / needed : 1;
      room -= needed;
      hits += share;
      bytes += share * trace.size(next[i]);
    }
    return new Bound(hits, bytes);
  }
}
