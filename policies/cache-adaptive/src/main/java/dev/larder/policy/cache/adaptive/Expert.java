package dev.larder.policy.cache.adaptive;

import java.util.List;

/**
 * One way to rank, after GreedyDual* (S. Jin and A. Bestavros, "GreedyDual* web caching algorithm",
 * 2000): the level of what was evicted when the entry was last accessed, plus (count × value of a
 * hit / size) to the power of the exponent. With the exponent 1 and a short half-life what was not
 * used lately goes first; the higher the exponent and the longer the half-life, the longer what was
 * popular stays.
 *
 * @param halfLife which of the ledger's decayed counts
 * @param exponent 1 or more
 * @param margin what comes in must be worth so many times as much as what goes for it; 0: all comes
 *     in
 */
record Expert(int halfLife, double exponent, double margin) {

  /** The first decides until another has saved more. */
  static final List<Expert> ALL =
      List.of(
          new Expert(3, 2, 0.2),
          new Expert(3, 2, 0),
          new Expert(3, 2, 0.5),
          new Expert(3, 4, 1),
          new Expert(3, 8, 0),
          new Expert(3, 8, 1),
          new Expert(3, 8, 1.5),
          new Expert(0, 1, 0),
          new Expert(2, 1, 0),
          new Expert(2, 4, 0.2),
          new Expert(2, 2, 0.5),
          new Expert(2, 2, 1),
          new Expert(4, 1, 0),
          new Expert(4, 3, 0),
          new Expert(1, 2, 0.2),
          new Expert(1, 2, 1),
          new Expert(1, 8, 1),
          new Expert(5, 2, 0),
          new Expert(5, 4, 0),
          new Expert(5, 8, 0),
          new Expert(5, 8, 1.5));

  /** Whether it works where all must come in. */
  boolean admitsAll() {
    return margin == 0;
  }

  /**
   * What it adds to the level.
   *
   * @param logWorth logarithm of count × value / size
   */
  double gain(double logWorth) {
    return Valuation.power(exponent * logWorth);
  }

  /** Count × value / size of an entry that is still so much above the level; 0 if it is below. */
  double worth(double gain) {
    if (gain <= 0) {
      return 0;
    }
    return exponent == 1 ? gain : exponent == 2 ? Math.sqrt(gain) : Math.pow(gain, 1 / exponent);
  }
}
