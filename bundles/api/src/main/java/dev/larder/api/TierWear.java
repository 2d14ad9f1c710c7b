package dev.larder.api;

import java.util.OptionalLong;

/**
 * How much a tier may be written on the gateway's own account: moves, copies, encoding anew. What
 * users put counts, but is never held back.
 *
 * @param ratedBytes that its medium bears to be written in its life, as was said when it was added
 *     or is supposed of such media; empty if it does not wear
 * @param dailyBytes of running time that may be written; empty if there is no bound
 * @param availableBytes of that now, at most those of a day; less than 0 while more was put than
 *     that
 * @param holdsBack whether something waits until more may be written
 */
public record TierWear(
    OptionalLong ratedBytes,
    OptionalLong dailyBytes,
    OptionalLong availableBytes,
    boolean holdsBack) {

  /** Of a tier that is not open, or does not wear. */
  public static final TierWear UNKNOWN =
      new TierWear(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), false);
}
