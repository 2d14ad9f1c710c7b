package dev.larder.tiering.ledger;

/**
 * Decayed counts in the log domain: adding one access is a table look-up. The table holds {@code
 * log2(1 + 2^-d)} for d from 0 to 32 in steps of 1/128; between two of them it is interpolated,
 * which is exact to 2e-6. Counts up to 2^20 still grow by each access.
 */
final class LogSum {

  private static final int STEPS = 128;
  private static final int OCTAVES = 32;
  private static final float[] TABLE = new float[STEPS * OCTAVES + 1];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      TABLE[i] = (float) (Math.log1p(Math.exp(-i * Math.log(2) / STEPS)) / Math.log(2));
    }
  }

  private LogSum() {}

  /**
   * Adds one to a decayed count.
   *
   * @param log2Count logarithm of the count when it was last touched
   * @param halfLives half-lives since then
   * @return logarithm of the count now, the new access included
   */
  static float plusOne(float log2Count, double halfLives) {
    double decayed = log2Count - halfLives;
    double distance = Math.abs(decayed) * STEPS;
    int index = (int) distance;
    double gain = 0;
    if (index < TABLE.length - 1) {
      double share = distance - index;
      gain = TABLE[index] + share * (TABLE[index + 1] - TABLE[index]);
    }
    return (float) (Math.max(decayed, 0) + gain);
  }
}
