package dev.larder.chunker.fastcdc;

/**
 * The table of the rolling hash, and the masks.
 *
 * <p>Part of the format: the table is the first 256 outputs of SplitMix64 (Steele, Lea, Flood,
 * OOPSLA 2014) from the seed {@code 0x4C61726465724344}, "LarderCD". Another table would cut all
 * contents differently and lose their deduplication.
 */
final class Gear {

  private static final long SEED = 0x4C61726465724344L;

  private static final int HIGHEST_BIT = 63;

  /** Bits of a mask lie above: there, a bit depends on the last 16 bytes or more. */
  private static final int LOWEST_BIT = 15;

  private Gear() {}

  static long[] table() {
    long[] table = new long[256];
    long state = SEED;
    for (int i = 0; i < table.length; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      table[i] = z ^ (z >>> 31);
    }
    return table;
  }

  /** A mask of so many bits, spread evenly as the authors advise. */
  static long mask(int bits) {
    long mask = 0;
    for (int i = 0; i < bits; i++) {
      mask |= 1L << (HIGHEST_BIT - i * (HIGHEST_BIT - LOWEST_BIT) / bits);
    }
    return mask;
  }
}
