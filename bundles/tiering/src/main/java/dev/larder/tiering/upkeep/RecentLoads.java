package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Which artifacts were loaded from a storage tier lately: what comes a second time is worth a place
 * nearer by, what comes once is not worth the writes. A table of fixed size, 16 bytes an entry; two
 * artifacts that share eight bytes of their digests count as one, which does no harm. Since the
 * start only. Any thread.
 */
public final class RecentLoads {

  private static final int SETS = 2048;
  private static final int WAYS = 4;

  /** How long a load is remembered, in running time. */
  static final Duration WINDOW = Duration.ofDays(7);

  private final LongSupplier nanoTime;
  private final long start;
  private final long[] keys = new long[SETS * WAYS]; // guarded by this, as the next one
  private final long[] times = new long[SETS * WAYS]; // since the start, from 1; 0: free

  /** Nothing was loaded yet. */
  public RecentLoads(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /**
   * An artifact was loaded.
   *
   * @return when it was loaded the time before, in monotonic nanoseconds; empty if that is longer
   *     ago than the window, or so many others came since
   */
  public synchronized OptionalLong loaded(Digest digest) {
    long now = nanoTime.getAsLong() - start + 1;
    int first = Math.floorMod(Long.hashCode(digest.b()), SETS) * WAYS;
    int oldest = first;
    for (int i = first; i < first + WAYS; i++) {
      if (times[i] > 0 && keys[i] == digest.a()) {
        long before = times[i];
        times[i] = now;
        return now - before <= WINDOW.toNanos()
            ? OptionalLong.of(start + before - 1)
            : OptionalLong.empty();
      }
      if (times[i] < times[oldest]) {
        oldest = i;
      }
    }
    keys[oldest] = digest.a();
    times[oldest] = now;
    return OptionalLong.empty();
  }
}
