package dev.larder.tiering.swap;

import dev.larder.api.Statistics.Latency;
import dev.larder.api.SwapLevel;
import java.util.EnumMap;
import java.util.Map;

/**
 * Figures of swaps at one moment; a few kilobytes at most, so marks may be kept.
 *
 * <p>Hits are swaps served from RAM, misses all others that led to a load, also those whose callers
 * did not wait for its end.
 */
public final class SwapFigures {

  private final long hits;
  private final long misses;
  private final long hitBytes;
  private final long missBytes;
  private final Map<SwapLevel, LatencyHistogram.Snapshot> latencies;

  SwapFigures(
      long hits,
      long misses,
      long hitBytes,
      long missBytes,
      Map<SwapLevel, LatencyHistogram.Snapshot> latencies) {
    this.hits = hits;
    this.misses = misses;
    this.hitBytes = hitBytes;
    this.missBytes = missBytes;
    this.latencies = latencies;
  }

  /** What has happened since an earlier moment. */
  public SwapFigures since(SwapFigures earlier) {
    Map<SwapLevel, LatencyHistogram.Snapshot> left = new EnumMap<>(SwapLevel.class);
    latencies.forEach(
        (level, snapshot) -> {
          LatencyHistogram.Snapshot before = earlier.latencies.get(level);
          left.put(level, before == null ? snapshot : snapshot.since(before));
        });
    return new SwapFigures(
        hits - earlier.hits,
        misses - earlier.misses,
        hitBytes - earlier.hitBytes,
        missBytes - earlier.missBytes,
        left);
  }

  /** Swaps served from RAM. */
  public long hits() {
    return hits;
  }

  /** Swaps that had to load. */
  public long misses() {
    return misses;
  }

  /** Sizes of the hits. */
  public long hitBytes() {
    return hitBytes;
  }

  /** Sizes of the misses. */
  public long missBytes() {
    return missBytes;
  }

  /** Latencies of swaps that succeeded, for every level. */
  public Map<SwapLevel, Latency> latencies() {
    Map<SwapLevel, Latency> told = new EnumMap<>(SwapLevel.class);
    latencies.forEach((level, snapshot) -> told.put(level, snapshot.latency()));
    return told;
  }
}
