package dev.larder.policy.cache.adaptive;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;

/**
 * The policy for one cache: ranks and admits as the expert does that leads the {@link Contest}, by
 * the level that its shadow cache has reached. Some small objects are kept whatever it says, if
 * time is to be saved: they are seldom much of it, and many are waited for.
 *
 * <p>Heap: about 1.5 MiB, however much the cache holds.
 */
final class AdaptiveRanking implements CachePolicy {

  /** The share for small objects is given again when so much of it is unused. */
  private static final double UNUSED = 0.1;

  private final CacheTraits cache;
  private final Valuation valuation;
  private final Contest contest;
  private final double smallShare;
  private Shadow leader;
  private boolean sparesSmall;
  private boolean byAge;
  private long epoch;

  AdaptiveRanking(CacheTraits cache, Objective objective, int smallPercent) {
    this.cache = cache;
    this.valuation = new Valuation(objective);
    this.contest = new Contest(cache, valuation);
    this.smallShare = objective == Objective.SECONDS ? smallPercent / 100.0 : 0;
    this.leader = contest.leader();
    this.sparesSmall = smallShare > 0;
    this.byAge = cache.residents() > 0;
  }

  @Override
  public String name() {
    return AdaptivePolicy.SHORT_NAME;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  /**
   * When the policy takes over from another the shadows are empty, and without their levels nothing
   * would age: by the last access until the leader's shadow has evicted something.
   */
  @Override
  public double rank(LedgerEntry entry) {
    if (byAge) {
      return entry.lastTick();
    }
    return sparesSmall && entry.size() < Shadow.SMALL ? Double.MAX_VALUE : rankOfLeader(entry);
  }

  private double rankOfLeader(LedgerEntry entry) {
    return leader.curve.at(entry.lastTick()) + leader.expert.gain(logWorth(entry));
  }

  private double logWorth(LedgerEntry entry) {
    return Valuation.logCount(entry, leader.expert.halfLife()) + valuation.logDensity(entry);
  }

  @Override
  public boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
    Expert expert = leader.expert;
    if (expert.admitsAll() || sparesSmall && candidate.size() < Shadow.SMALL) {
      return true;
    }
    double worth = Valuation.power(logWorth(candidate)) * Math.max(1, candidate.size());
    double cost = 0;
    for (LedgerEntry victim : victims) {
      double left = expert.worth(rankOfLeader(victim) - leader.curve.level());
      cost += expert.margin() * left * victim.size();
      if (cost > worth) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void accessed(LedgerEntry entry, boolean hit) {
    valuation.accessed(entry.size());
    boolean decided = contest.accessed(entry);
    if (byAge && !leader.curve.isFlat()) {
      byAge = false;
      epoch++;
    }
    if (decided) {
      Shadow now = contest.leader();
      double small = now.smallBytes() / Math.max(1, smallShare * cache.capacityBytes());
      boolean spares = smallShare > 0 && small < (sparesSmall ? 1 : 1 - UNUSED);
      if (now != leader || spares != sparesSmall) {
        leader = now;
        sparesSmall = spares;
        epoch++;
      }
    }
  }
}
