package dev.larder.tiering.swap;

import dev.larder.api.SwapLevel;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts swaps. Any thread. */
final class SwapCounters {

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder hitBytes = new LongAdder();
  private final LongAdder missBytes = new LongAdder();
  private final Map<SwapLevel, LatencyHistogram> latencies = new EnumMap<>(SwapLevel.class);

  SwapCounters() {
    for (SwapLevel level : SwapLevel.values()) {
      latencies.put(level, new LatencyHistogram());
    }
  }

  void hit(long bytes) {
    hits.increment();
    hitBytes.add(bytes);
  }

  void miss(long bytes) {
    misses.increment();
    missBytes.add(bytes);
  }

  @SuppressWarnings("NullAway") // all levels are there
  void took(SwapLevel level, long nanos) {
    latencies.get(level).record(nanos);
  }

  SwapFigures figures() {
    Map<SwapLevel, LatencyHistogram.Snapshot> snapshots = new EnumMap<>(SwapLevel.class);
    latencies.forEach((level, histogram) -> snapshots.put(level, histogram.snapshot()));
    return new SwapFigures(hits.sum(), misses.sum(), hitBytes.sum(), missBytes.sum(), snapshots);
  }
}
