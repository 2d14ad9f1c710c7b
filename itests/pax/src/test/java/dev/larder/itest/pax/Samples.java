package dev.larder.itest.pax;

import java.util.Arrays;
import java.util.Random;

/** Contents made up from a seed: the same seed, the same bytes. */
final class Samples {

  private Samples() {}

  /** Half of it noise and half of it compressible, in runs, as the layers of a model are. */
  static byte[] model(long seed, int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(seed);
    random.nextBytes(bytes);
    int run = 4096;
    for (int from = 0; from < size; from += 2 * run) {
      Arrays.fill(bytes, from, Math.min(from + run, size), (byte) (from / run));
    }
    return bytes;
  }

  /** A model of which only the end differs from others of the same base. */
  static byte[] variant(long base, int size, long seed, int tail) {
    byte[] bytes = Arrays.copyOf(model(base, size), size + tail);
    System.arraycopy(model(seed, tail), 0, bytes, size, tail);
    return bytes;
  }
}
