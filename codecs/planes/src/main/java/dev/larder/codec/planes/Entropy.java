package dev.larder.codec.planes;

/** Order-0 entropy of samples of bytes. */
final class Entropy {

  private static final double LN_2 = Math.log(2);

  /** n ln n of what is counted in a sample, because logarithms take longer than to count. */
  private static final double[] TERMS = terms();

  private Entropy() {}

  /**
   * Bits per byte, with the correction of Miller and Madow (1955) for what a small sample misses.
   */
  static double bits(int[] histogram) {
    long total = 0;
    int present = 0;
    double sum = 0;
    for (int count : histogram) {
      if (count > 0) {
        total += count;
        present++;
        sum += term(count);
      }
    }
    if (total == 0) {
      return 0;
    }
    double entropy = (Math.log(total) - sum / total) / LN_2;
    return Math.min(8, entropy + (present - 1) / (2 * LN_2 * total));
  }

  private static double term(int count) {
    return count < TERMS.length ? TERMS[count] : count * Math.log(count);
  }

  private static double[] terms() {
    double[] terms = new double[4 << 10];
    for (int count = 1; count < terms.length; count++) {
      terms[count] = count * Math.log(count);
    }
    return terms;
  }
}
