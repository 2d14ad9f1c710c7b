package dev.larder.tiering.ledger;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to ask the cache policy on behalf of one cache: one thread at a time, as the
 * contract with policies says. A policy that does not come back from a call within a second is
 * withdrawn and the turn goes on to others; the thread that is stuck in it keeps nobody.
 *
 * <p>Any thread.
 */
public final class Ranking {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PolicySelector<CachePolicy> policies;
  private final CacheTraits cache;
  private final LongSupplier nanoTime;
  private volatile RankingTurn turn;
  private long watched; // as the next one, of the thread that watches
  private @Nullable RankingTurn watchedTurn;

  /**
   * Nobody has asked yet.
   *
   * @param nanoTime monotonic time in nanoseconds
   */
  public Ranking(PolicySelector<CachePolicy> policies, CacheTraits cache, LongSupplier nanoTime) {
    this.policies = policies;
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.turn = fresh();
  }

  private RankingTurn fresh() {
    return new RankingTurn(policies, cache, nanoTime);
  }

  /** Waits for the turn. Close it. */
  public RankingTurn turn() throws InterruptedException {
    while (true) {
      RankingTurn current = turn;
      long call = current.call();
      if (current.begin(PATIENCE_NANOS)) {
        if (current == turn) {
          return current;
        }
        current.close();
      } else if (current.isStuckIn(call)) {
        passOver(current);
      }
    }
  }

  /** The turn, to be closed, if nobody has it. */
  @Nullable RankingTurn tryTurn() {
    RankingTurn current = turn;
    if (!current.tryBegin()) {
      return null;
    }
    if (current != turn) {
      current.close();
      return null;
    }
    return current;
  }

  /** Whether the policy did not come back meanwhile: what it says counts no more. */
  public boolean isOver(RankingTurn mine) {
    return mine != turn;
  }

  /** To be called about every second, by one thread: notices a policy that hangs. */
  public void watch() {
    RankingTurn current = turn;
    if (current == watchedTurn && current.isStuckIn(watched)) {
      passOver(current);
    }
    watchedTurn = current;
    watched = current.call();
  }

  private synchronized void passOver(RankingTurn stuck) {
    if (stuck != turn) {
      return;
    }
    try (PolicyLease<CachePolicy> lease = policies.lease()) {
      if (lease.sequence() == stuck.sequence()) { // else another decides already
        lease.withdraw("a call into it does not return");
      }
    }
    turn = fresh();
  }
}
