package dev.larder.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Figures of the whole gateway. Counters run since its start, or since a mark.
 *
 * @param mark names this moment for a later {@link StatisticsService#since}
 * @param artifacts live references
 * @param logicalBytes sum of the sizes of what live references stand for
 * @param storedBytes encoded bytes of unique blocks on storage tiers
 * @param physicalBytes allocated bytes of the files of storage tiers and of the catalog
 * @param replicaBytes encoded bytes of further replicas and of cache tiers
 * @param totalBlocks blocks of live references, each time they are used
 * @param uniqueBlocks distinct blocks on storage tiers
 * @param dedupSavedBytes logical bytes that were not stored a second time
 * @param forces force calls at the media
 * @param indexBytes memory of the block indexes
 * @param rawBytes unencoded bytes of unique blocks on storage tiers
 * @param cache the RAM cache
 * @param swaps by level
 * @param prefetch what was loaded ahead
 */
public record Statistics(
    String mark,
    long artifacts,
    long logicalBytes,
    long storedBytes,
    long physicalBytes,
    long replicaBytes,
    long totalBlocks,
    long uniqueBlocks,
    long dedupSavedBytes,
    long forces,
    long indexBytes,
    long rawBytes,
    Cache cache,
    Map<SwapLevel, Latency> swaps,
    Prefetch prefetch) {

  /**
   * The RAM cache.
   *
   * @param policy name of the policy that decides
   * @param policyGeneration number of its registration: another one after a change of policy, or
   *     when its bundle was restarted or updated; 0 for the built-in one
   * @param hits swaps served from RAM
   * @param misses swaps that had to load
   * @param hitBytes sizes of the hits
   * @param missBytes sizes of the misses
   * @param evictions by cause
   * @param usedBytes in it now
   * @param limitBytes most it may take
   * @param residents artifacts in it now
   * @param folder where its files are; empty while the gateway starts
   */
  public record Cache(
      String policy,
      long policyGeneration,
      long hits,
      long misses,
      long hitBytes,
      long missBytes,
      Map<EvictionCause, Long> evictions,
      long usedBytes,
      long limitBytes,
      long residents,
      String folder) {}

  /** Why an artifact left the RAM cache. */
  public enum EvictionCause {
    /** Room was needed. */
    PRESSURE,
    /** Someone asked for it. */
    REQUEST,
    /** Its last reference was deleted. */
    DELETED
  }

  /**
   * Latencies of swaps, each within 1 % of the true value.
   *
   * @param count how many
   * @param p50Nanos median
   * @param p99Nanos 99th percentile
   * @param maxNanos largest
   * @param sumNanos all together
   * @param within how many took no longer than each of {@link #BOUNDS_NANOS}
   */
  public record Latency(
      long count, long p50Nanos, long p99Nanos, long maxNanos, long sumNanos, List<Long> within) {

    /** From 100 µs to 30 s: 1, 2.5 and 5 of each power of ten, the last being 10 and 30. */
    public static final List<Long> BOUNDS_NANOS =
        List.of(
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L,
            25_000_000L,
            50_000_000L,
            100_000_000L,
            250_000_000L,
            500_000_000L,
            1_000_000_000L,
            2_500_000_000L,
            5_000_000_000L,
            10_000_000_000L,
            30_000_000_000L);

    /** Of no swap. */
    public static final Latency NONE =
        new Latency(0, 0, 0, 0, 0, Collections.nCopies(BOUNDS_NANOS.size(), 0L));
  }

  /**
   * What was loaded ahead.
   *
   * @param usefulBytes used before eviction
   * @param wastedBytes evicted unused
   */
  public record Prefetch(long usefulBytes, long wastedBytes) {}
}
