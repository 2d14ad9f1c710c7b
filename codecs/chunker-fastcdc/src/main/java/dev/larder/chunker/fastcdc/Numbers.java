package dev.larder.chunker.fastcdc;

import java.nio.ByteBuffer;

/** Tells floats from bytes: the first bytes of floats, of four or two bytes, are much alike. */
final class Numbers {

  private static final int STRETCH_BYTES = 4 << 10;
  private static final int MOST_STRETCHES = 64;
  private static final int LANES = 4;

  /** The bytes of floats have so much less entropy if they are counted apart. */
  private static final double APART = 0.95;

  /** What has less entropy is text, or weights of which most are zero. */
  private static final double LEAST_BITS = 6;

  private Numbers() {}

  /** Whether the larger part of a content's head looks like floats. */
  static boolean areFloats(ByteBuffer head) {
    int stretches = Math.min(MOST_STRETCHES, head.remaining() / STRETCH_BYTES);
    int floats = 0;
    for (int i = 0; i < stretches; i++) {
      long spread = head.remaining() - STRETCH_BYTES;
      int from = head.position() + (int) (stretches == 1 ? 0 : spread * i / (stretches - 1));
      floats += areFloats(head, from) ? 1 : 0;
    }
    return 2 * floats > stretches;
  }

  private static boolean areFloats(ByteBuffer head, int from) {
    int[][] lanes = new int[LANES][256];
    int[] all = new int[256];
    for (int i = 0; i < STRETCH_BYTES; i++) {
      int value = head.get(from + i) & 0xFF;
      lanes[i % LANES][value]++;
      all[value]++;
    }
    double apart = 0;
    for (int[] lane : lanes) {
      apart += entropy(lane) / LANES;
    }
    double together = entropy(all);
    return together > LEAST_BITS && apart < APART * together;
  }

  /** Bits per byte, with the correction of Miller and Madow (1955) for a small sample. */
  private static double entropy(int[] histogram) {
    int total = 0;
    int present = 0;
    double sum = 0;
    for (int count : histogram) {
      if (count > 0) {
        total += count;
        present++;
        sum += count * Math.log(count);
      }
    }
    return (Math.log(total) - sum / total + (present - 1) / (2.0 * total)) / Math.log(2);
  }
}
