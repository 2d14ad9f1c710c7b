package dev.larder.policy.cache.adaptive;

import dev.larder.spi.cache.LedgerEntry;

/**
 * What a hit of an entry is worth by the objective. The scale does not matter, only proportions.
 */
final class Valuation {

  private static final double LN2 = Math.log(2);

  private static final double[] A_TICK = new double[LedgerEntry.HALF_LIVES]; // in half-lives

  static {
    for (int i = 0; i < A_TICK.length; i++) {
      A_TICK[i] = Math.scalb(1.0, -(5 + 3 * i));
    }
  }

  private final Objective objective;
  private long accesses;
  private double requested; // bytes of all accesses

  Valuation(Objective objective) {
    this.objective = objective;
  }

  /** Notes an access. */
  void accessed(long size) {
    accesses++;
    requested += size;
  }

  /** Of one hit; above 0. */
  double value(LedgerEntry entry) {
    return switch (objective) {
      case OHR -> 1;
      case BHR -> Math.max(1, entry.size());
      case JOINT -> Math.max(1, entry.size() + requested / Math.max(1, accesses));
      case SECONDS -> Math.max(1, entry.reloadMicros());
    };
  }

  /** Logarithm of the value of a hit for each byte. */
  double logDensity(LedgerEntry entry) {
    return log2(value(entry) / Math.max(1, entry.size()));
  }

  /** Logarithm of the decayed count of its accesses as of the last one. */
  static double logCount(LedgerEntry entry, int halfLife) {
    return entry.frequency(halfLife) - entry.lastTick() * A_TICK[halfLife];
  }

  static double log2(double x) {
    return Math.log(x) / LN2;
  }

  /** Two to the power of x. */
  static double power(double x) {
    return Math.exp(x * LN2);
  }
}
