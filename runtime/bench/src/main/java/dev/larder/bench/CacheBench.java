package dev.larder.bench;

import dev.larder.bench.cache.Clairvoyant;
import dev.larder.bench.cache.Objective;
import dev.larder.bench.cache.Peers;
import dev.larder.bench.cache.PolicyCache;
import dev.larder.bench.cache.SimulatedCache;
import dev.larder.bench.cache.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Replays traces on caches without content. */
final class CacheBench {
  /** Name of the bound. */
  static final String CLAIRVOYANT = "clairvoyant";

  private final List<String> policies;
  private final List<Double> fractions;
  private final boolean equalSizes;
  private final Objective objective;
  private final LongSupplier nanoTime;

  CacheBench(
      List<String> policies,
      List<Double> fractions,
      boolean equalSizes,
      Objective objective,
      LongSupplier nanoTime) {
    this.policies = policies;
    this.fractions = fractions;
    this.equalSizes = equalSizes;
    this.objective = objective;
    this.nanoTime = nanoTime;
  }

  /** All that can be compared: our policies first, the bound last. */
  static List<String> all() {
    return Stream.of(PolicyCache.NAMES, Peers.NAMES, List.of(CLAIRVOYANT))
        .flatMap(List::stream)
        .toList();
  }

  List<CacheReport.Row> run(Trace trace) {
    List<CacheReport.Row> rows = new ArrayList<>();
    for (double fraction : fractions) {
      long whole = equalSizes ? trace.distinct() : trace.footprint();
      long capacity = Math.max(1, (long) (fraction * whole));
      for (String policy : policies) {
        rows.add(
            policy.equals(CLAIRVOYANT)
                ? bound(trace, fraction, capacity)
                : replay(trace, policy, fraction, capacity));
      }
    }
    return rows;
  }

  private CacheReport.Row bound(Trace trace, double fraction, long capacity) {
    Clairvoyant.Bound bound = Clairvoyant.of(trace, capacity, equalSizes, objective);
    return row(trace, CLAIRVOYANT, fraction, bound.hits(), bound.bytes(), 0);
  }

  private CacheReport.Row replay(Trace trace, String policy, double fraction, long capacity) {
    SimulatedCache cache =
        PolicyCache.NAMES.contains(policy)
            ? new PolicyCache(policy, capacity, objective)
            : Peers.of(policy, capacity, trace.distinct(), objective);
    long hits = 0;
    long bytes = 0;
    long start = nanoTime.getAsLong();
    for (int i = 0; i < trace.length(); i++) {
      if (cache.access(trace.key(i), trace.size(i))) {
        hits++;
        bytes += trace.size(i);
      }
    }
    long nanos = nanoTime.getAsLong() - start;
    return row(trace, policy, fraction, hits, bytes, nanos);
  }

  private static CacheReport.Row row(
      Trace trace, String policy, double fraction, double hits, double bytes, long nanos) {
    return new CacheReport.Row(
        trace.name(),
        policy,
        fraction,
        hits / trace.length(),
        bytes / Math.max(1, trace.requested()),
        (double) nanos / trace.length());
  }
}
