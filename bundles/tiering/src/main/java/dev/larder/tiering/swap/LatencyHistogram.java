package dev.larder.tiering.swap;

import dev.larder.api.Statistics.Latency;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets whose width is 1/64 of the power of two below them, so that a
 * quantile, told as its bucket's middle, is within 0.8 % of the true value; up to 64 ns it is
 * exact. The layout is that of HdrHistogram (Tene), which itself does not resolve as a bundle on
 * Java 17. Any thread; 22 KB.
 */
final class LatencyHistogram {

  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private static final int OCTAVES = 42; // up to 2^48 ns: three days
  private static final int BUCKETS = SUB * (OCTAVES + 1);

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void record(long nanos) {
    counts.incrementAndGet(bucket(Math.max(0, nanos)));
  }

  /** What was counted so far. */
  Snapshot snapshot() {
    int used = 0;
    for (int i = 0; i < BUCKETS; i++) {
      used += counts.get(i) > 0 ? 1 : 0;
    }
    int[] buckets = new int[used];
    long[] values = new long[used];
    int next = 0;
    for (int i = 0; i < BUCKETS && next < used; i++) {
      long count = counts.get(i);
      if (count > 0) {
        buckets[next] = i;
        values[next++] = count;
      }
    }
    return new Snapshot(buckets, values);
  }

  private static int bucket(long nanos) {
    if (nanos < SUB) {
      return (int) nanos;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    int sub = (int) (nanos >>> octave) - SUB;
    return Math.min(BUCKETS - 1, SUB * (octave + 1) + sub);
  }

  /** The middle of a bucket. */
  private static long value(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int octave = bucket / SUB - 1;
    long low = (long) (bucket % SUB + SUB) << octave;
    return low + (1L << octave) / 2;
  }

  /** The counts at one moment: only buckets that are not empty, in order. */
  static final class Snapshot {

    private final int[] buckets;
    private final long[] counts;

    private Snapshot(int[] buckets, long[] counts) {
      this.buckets = buckets;
      this.counts = counts;
    }

    /** What was counted after an earlier snapshot of the same histogram. */
    Snapshot since(Snapshot earlier) {
      long[] left = counts.clone();
      int at = 0;
      int kept = 0;
      for (int i = 0; i < buckets.length; i++) {
        while (at < earlier.buckets.length && earlier.buckets[at] < buckets[i]) {
          at++;
        }
        if (at < earlier.buckets.length && earlier.buckets[at] == buckets[i]) {
          left[i] -= earlier.counts[at];
        }
        kept += left[i] > 0 ? 1 : 0;
      }
      int[] newBuckets = new int[kept];
      long[] newCounts = new long[kept];
      int next = 0;
      for (int i = 0; i < buckets.length; i++) {
        if (left[i] > 0) {
          newBuckets[next] = buckets[i];
          newCounts[next++] = left[i];
        }
      }
      return new Snapshot(newBuckets, newCounts);
    }

    /** Count, quantiles, and how many were how quick. */
    Latency latency() {
      long total = 0;
      double sum = 0;
      long[] within = new long[Latency.BOUNDS_NANOS.size()];
      for (int i = 0; i < buckets.length; i++) {
        long nanos = value(buckets[i]);
        total += counts[i];
        sum += (double) nanos * counts[i];
        for (int bound = within.length - 1; bound >= 0; bound--) {
          if (nanos > Latency.BOUNDS_NANOS.get(bound)) {
            break;
          }
          within[bound] += counts[i];
        }
      }
      if (total == 0) {
        return Latency.NONE;
      }
      return new Latency(
          total,
          quantile((total + 1) / 2),
          quantile(total - total / 100),
          value(buckets[buckets.length - 1]),
          (long) sum,
          Arrays.stream(within).boxed().toList());
    }

    /** The value of the one with that number, in order, from 1. */
    private long quantile(long number) {
      long seen = 0;
      for (int i = 0; i < buckets.length; i++) {
        seen += counts[i];
        if (seen >= number) {
          return value(buckets[i]);
        }
      }
      throw new IllegalStateException("quantile beyond the count");
    }
  }
}
