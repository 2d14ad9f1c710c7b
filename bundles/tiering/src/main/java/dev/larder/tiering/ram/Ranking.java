package dev.larder.tiering.ram;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.plugin.SpeedWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cache policy, and withdraws it if it throws, answers nonsense or is slow. By one thread
 * at a time, as the contract with policies says: its owner has a lock for that, which is not the
 * cache's, so that a policy that hangs stops no hit.
 */
final class Ranking {

  /** A policy whose median rank takes longer is withdrawn. */
  static final long SLOW_NANOS = 5_000;

  private static final int WINDOW = 64;

  private final PolicySelector<CachePolicy> policies;
  private final LongSupplier nanoTime;
  private final CacheTraits cache;
  private final SpeedWindow speed = new SpeedWindow(WINDOW, SLOW_NANOS);
  private @Nullable CachePolicy instance; // of the policy with that sequence, for this cache
  private long sequence;

  Ranking(PolicySelector<CachePolicy> policies, CacheTraits cache, LongSupplier nanoTime) {
    this.policies = policies;
    this.cache = cache;
    this.nanoTime = nanoTime;
  }

  private record Ranked(LedgerRecord entry, double rank) {}

  /** The candidates, the first to go first. */
  List<LedgerRecord> order(List<LedgerRecord> candidates) {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      List<Ranked> ranked = rank(lease, candidates);
      if (ranked != null) {
        return sorted(ranked);
      }
    }
    return builtInOrder(candidates);
  }

  /** The same by the built-in policy, which has no state; any thread. */
  static List<LedgerRecord> builtInOrder(List<LedgerRecord> candidates) {
    CachePolicy builtIn = new BuiltInLru();
    return sorted(candidates.stream().map(c -> new Ranked(c, builtIn.rank(c))).toList());
  }

  private @Nullable List<Ranked> rank(
      PolicyLease<CachePolicy> lease, List<LedgerRecord> candidates) {
    List<Ranked> ranked = new ArrayList<>(candidates.size());
    for (LedgerRecord candidate : candidates) {
      long start = nanoTime.getAsLong();
      double rank;
      try {
        rank = instance(lease).rank(candidate);
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        lease.withdraw("rank threw " + e);
        return null;
      }
      if (Double.isNaN(rank)) {
        lease.withdraw("rank returned NaN");
        return null;
      }
      long median = speed.add(lease.sequence(), nanoTime.getAsLong() - start);
      if (median > 0) {
        lease.withdraw("its median rank takes " + median / 1000 + " µs");
      }
      ranked.add(new Ranked(candidate, rank));
    }
    return ranked;
  }

  private CachePolicy instance(PolicyLease<CachePolicy> lease) {
    CachePolicy current = instance;
    if (current == null || sequence != lease.sequence()) {
      current = lease.policy().forCache(cache);
      instance = current;
      sequence = lease.sequence();
    }
    return current;
  }

  private static List<LedgerRecord> sorted(List<Ranked> ranked) {
    return ranked.stream()
        .sorted(
            Comparator.comparingDouble(Ranked::rank).thenComparingLong(r -> r.entry().lastTick()))
        .map(Ranked::entry)
        .toList();
  }

  /** Tells the policy of an access. */
  void accessed(LedgerRecord entry, boolean hit) {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      try {
        instance(lease).accessed(entry, hit);
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        lease.withdraw("accessed threw " + e);
      }
    }
  }

  /** Lets go of a policy that decides no more, so that its bundle can go. */
  void settle() {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      if (sequence != lease.sequence()) {
        instance = null;
      }
    }
  }

  /** The policy does not come back from a call. */
  void hangs() {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      lease.withdraw("a call into it does not return");
    }
  }
}
