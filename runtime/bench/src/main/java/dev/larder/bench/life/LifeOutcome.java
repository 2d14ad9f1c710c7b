package dev.larder.bench.life;

import dev.larder.tiering.plan.Move;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What has come of a life.
 *
 * @param seconds simulated
 * @param swaps that there were
 * @param swapBytes of those
 * @param ramHits of those
 * @param ramHitBytes of those
 * @param artifacts that there are
 * @param moves how many homes were moved, by reason
 * @param tiers fastest first
 */
public record LifeOutcome(
    double seconds,
    long swaps,
    long swapBytes,
    long ramHits,
    long ramHitBytes,
    int artifacts,
    Map<Move.Reason, Long> moves,
    List<Tier> tiers) {

  /**
   * What was done to one tier.
   *
   * @param name its name
   * @param role storage or cache
   * @param capacity bytes
   * @param used bytes at the end
   * @param loads from it
   * @param bytesRead by those
   * @param secondsWaited for those
   * @param put bytes that users put
   * @param moved bytes of homes that came from other tiers
   * @param filled bytes that were copied to it as a cache
   * @param rated bytes that its medium bears to be written; empty if it does not wear
   * @param budget bytes that may have been written to it in this time; empty if there is no bound
   * @param heldBack how often something was not written to it since that was used up
   */
  public record Tier(
      String name,
      String role,
      long capacity,
      long used,
      long loads,
      long bytesRead,
      double secondsWaited,
      long put,
      long moved,
      long filled,
      OptionalLong rated,
      OptionalLong budget,
      long heldBack) {

    /** Bytes written in all. */
    public long written() {
      return put + moved + filled;
    }

    /** Share of the rated life that is used; 0 if it does not wear. */
    public double lifeUsed() {
      return rated.isEmpty() ? 0 : (double) written() / rated.getAsLong();
    }

    /** Whether no more was written than the budget allows, or only what users put. */
    public boolean withinBudget() {
      return budget.isEmpty() || written() <= Math.max(budget.getAsLong(), put);
    }
  }

  /** Seconds that swaps have waited for media. */
  public double secondsWaited() {
    return tiers.stream().mapToDouble(Tier::secondsWaited).sum();
  }

  /** How many homes were moved for a reason. */
  public long moves(Move.Reason reason) {
    return moves.getOrDefault(reason, 0L);
  }
}
