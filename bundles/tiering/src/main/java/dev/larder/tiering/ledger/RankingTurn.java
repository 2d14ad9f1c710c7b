package dev.larder.tiering.ledger;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.plugin.SpeedWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cache policy, and withdraws it if it throws, answers nonsense or is slow; the built-in
 * one then answers. By the thread whose turn it is, see {@link Ranking}.
 */
public final class RankingTurn implements AutoCloseable {

  /** A policy whose median rank takes longer is withdrawn. */
  static final long SLOW_NANOS = 5_000;

  private static final int WINDOW = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final PolicySelector<CachePolicy> policies;
  private final CacheTraits cache;
  private final LongSupplier nanoTime;
  private final SpeedWindow speed = new SpeedWindow(WINDOW, SLOW_NANOS);
  private final AtomicLong calls = new AtomicLong(); // odd while one is under way
  private @Nullable CachePolicy instance; // of the policy with that sequence, for this cache
  private volatile long sequence;

  RankingTurn(PolicySelector<CachePolicy> policies, CacheTraits cache, LongSupplier nanoTime) {
    this.policies = policies;
    this.cache = cache;
    this.nanoTime = nanoTime;
  }

  boolean begin(long nanos) throws InterruptedException {
    return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
  }

  boolean tryBegin() {
    return lock.tryLock();
  }

  @Override
  public void close() {
    lock.unlock();
  }

  /** Number of the call that is under way, or of the last one. */
  long call() {
    return calls.get();
  }

  /** Whether the call that was under way then still is. */
  boolean isStuckIn(long call) {
    return call % 2 != 0 && calls.get() == call;
  }

  /** Registration of the policy that was called last; 0 for the built-in one. */
  long sequence() {
    return sequence;
  }

  private record Ranked(LedgerRecord entry, double rank) {}

  /** The candidates, the first to go first. */
  public List<LedgerRecord> order(List<LedgerRecord> candidates) {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      Optional<List<Ranked>> ranked =
          call("rank", lease, Optional.empty(), policy -> rank(lease, policy, candidates));
      if (ranked.isPresent()) {
        return sorted(ranked.get());
      }
    }
    CachePolicy builtIn = policies.fallback().policy();
    return sorted(candidates.stream().map(c -> new Ranked(c, builtIn.rank(c))).toList());
  }

  private Optional<List<Ranked>> rank(
      PolicyLease<CachePolicy> lease, CachePolicy policy, List<LedgerRecord> candidates) {
    List<Ranked> ranked = new ArrayList<>(candidates.size());
    for (LedgerRecord candidate : candidates) {
      long start = nanoTime.getAsLong();
      double rank = policy.rank(candidate);
      long median = speed.add(lease.sequence(), nanoTime.getAsLong() - start);
      if (Double.isNaN(rank)) {
        lease.withdraw("rank returned NaN");
        return Optional.empty();
      }
      if (median > 0) {
        lease.withdraw("its median rank takes " + median / 1000 + " µs");
      }
      ranked.add(new Ranked(candidate, rank));
    }
    return Optional.of(ranked);
  }

  private static List<LedgerRecord> sorted(List<Ranked> ranked) {
    return ranked.stream()
        .sorted(
            Comparator.comparingDouble(Ranked::rank).thenComparingLong(r -> r.entry().lastTick()))
        .map(Ranked::entry)
        .toList();
  }

  /** Whether a candidate may displace the victims, the lowest rank first. */
  public boolean admit(LedgerRecord candidate, List<LedgerRecord> victims) {
    List<LedgerEntry> views = Collections.unmodifiableList(victims);
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      return call("admit", lease, true, policy -> policy.admit(candidate, views));
    }
  }

  /** Tells the policy of an access. */
  void accessed(LedgerRecord entry, boolean hit) {
    tell("accessed", policy -> policy.accessed(entry, hit));
  }

  /** Tells the policy of an entry that has to go. */
  public void evicted(LedgerRecord entry) {
    tell("evicted", policy -> policy.evicted(entry));
  }

  private void tell(String name, Consumer<CachePolicy> telling) {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      call(
          name,
          lease,
          false,
          policy -> {
            telling.accept(policy);
            return true;
          });
    }
  }

  /** A call into a policy. */
  @FunctionalInterface
  private interface Call<R> {
    R in(CachePolicy policy);
  }

  private <R> R call(String name, PolicyLease<CachePolicy> lease, R otherwise, Call<R> call) {
    String what = "forCache";
    calls.incrementAndGet();
    try {
      CachePolicy policy = instance(lease);
      if (policy == null) {
        lease.withdraw("forCache returned null");
        return otherwise;
      }
      what = name;
      return call.in(policy);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      lease.withdraw(what + " threw " + e);
      return otherwise;
    } finally {
      calls.incrementAndGet();
    }
  }

  private @Nullable CachePolicy instance(PolicyLease<CachePolicy> lease) {
    if (instance == null || sequence != lease.sequence()) {
      sequence = lease.sequence();
      instance = null;
      instance = lease.policy().forCache(cache);
    }
    return instance;
  }

  /** Lets go of a policy that decides no more, so that its bundle can go. */
  void settle() {
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      if (sequence != lease.sequence()) {
        instance = null;
      }
    }
  }
}
