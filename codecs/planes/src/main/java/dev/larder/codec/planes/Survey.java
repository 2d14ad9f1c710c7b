package dev.larder.codec.planes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds how the numbers of a block lie in it, from a sample: the right size and phase are those
 * that leave the least entropy in the planes. The exponents are where it is lowest, and they are
 * the last bytes of numbers. For one thread.
 */
final class Survey {

  /** Sampled in so many stretches, spread over the block. */
  private static final int STRETCHES = 4;

  private static final int STRETCH_BYTES = 1 << 10;

  /** Planes must promise so much less than bytes that it is worth to take them apart. */
  private static final double WORTHWHILE = 0.98;

  /** A Huffman code of one bit for them wastes some of it. */
  private static final double MANY_ZEROS = 0.35;

  private static final int MOST_WORDS = 8 << 10;
  private static final int WORDS_LOG = 12;

  /** Of so many words one is found again by chance at the most, or because something repeats. */
  private static final int MOST_REPEATED = 32;

  /** The golden ratio, which spreads words over the table (Knuth, TAOCP 6.4). */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] words = new long[1 << WORDS_LOG];
  private final int[][] lanes = new int[4][256];
  private final int[][] merged = new int[4][256];
  private double bits;

  /** How the numbers lie, and whether their sign is better moved. */
  Layout layout(byte[] block, int length) {
    count(block, length);
    bits = merge(1);
    int size = 1;
    int phase = 0;
    for (int candidate = 2; candidate <= 4; candidate *= 2) {
      double planes = merge(candidate);
      if (planes < WORTHWHILE * bits) {
        bits = planes;
        size = candidate;
        phase = phase(candidate);
      }
    }
    if (size == 1 || length < 8 * size) {
      return Layout.BYTES;
    }
    Layout layout = new Layout(size, true, phase, false, false, Layout.Relation.NONE);
    double rotated = rotated(block, length, layout);
    if (rotated < bits) {
      bits = rotated;
      return new Layout(size, true, phase, true, false, Layout.Relation.NONE);
    }
    return layout;
  }

  /** Bits per byte that the last layout leaves, without what repeats. */
  double bits() {
    return bits;
  }

  /** Whether a sample of a plane promises that a frame takes less than a share of it. */
  boolean promises(byte[] planes, int from, int count, double share) {
    return Entropy.bits(sample(planes, from, count)) < 8 * share;
  }

  /** Whether many bytes of a plane are zeros. */
  boolean isSparse(byte[] planes, int from, int count) {
    int sampled = Math.min(count, STRETCHES * STRETCH_BYTES);
    return sample(planes, from, count)[0] > MANY_ZEROS * sampled;
  }

  private int[] sample(byte[] planes, int from, int count) {
    int[] histogram = merged[0];
    Arrays.fill(histogram, 0);
    for (int i = 0; i < STRETCHES; i++) {
      int start = from + start(i, count);
      int end = Math.min(from + count, start + STRETCH_BYTES);
      for (int at = start; at < end; at++) {
        histogram[planes[at] & 0xFF]++;
      }
    }
    return histogram;
  }

  /** Whether a part of the block is a copy of another, at a distance of a multiple of eight. */
  boolean repeats(byte[] block, int from, int length) {
    Arrays.fill(words, 0);
    int step = Math.max(8, Integer.highestOneBit(length / MOST_WORDS));
    int repeated = 0;
    int seen = 0;
    for (int at = from; at + 8 <= from + length; at += step) {
      long word = (long) LONGS.get(block, at);
      int slot = (int) (word * SPREAD >>> 64 - WORDS_LOG);
      repeated += words[slot] == word ? 1 : 0;
      words[slot] = word;
      seen++;
    }
    return repeated > seen / MOST_REPEATED;
  }

  /** The same for the plane of the lowest bytes of numbers, which is not made for that. */
  boolean lowestRepeat(byte[] block, Layout layout, int length) {
    Arrays.fill(words, 0);
    int size = layout.size();
    int repeated = 0;
    int seen = 0;
    for (int at = layout.phase(); at + 8 * size <= length; at += 8 * size) {
      long word = Planes.lowestOfEight(block, at, size);
      int slot = (int) (word * SPREAD >>> 64 - WORDS_LOG);
      repeated += words[slot] == word ? 1 : 0;
      words[slot] = word;
      seen++;
    }
    return repeated > seen / MOST_REPEATED;
  }

  private void count(byte[] block, int length) {
    for (int[] lane : lanes) {
      Arrays.fill(lane, 0);
    }
    for (int i = 0; i < STRETCHES; i++) {
      int from = start(i, length);
      int to = Math.min(length, from + STRETCH_BYTES);
      for (int at = from; at + 4 <= to; at += 4) {
        lanes[0][block[at] & 0xFF]++;
        lanes[1][block[at + 1] & 0xFF]++;
        lanes[2][block[at + 2] & 0xFF]++;
        lanes[3][block[at + 3] & 0xFF]++;
      }
    }
  }

  /** A multiple of four. */
  private static int start(int stretch, int length) {
    long spread = Math.max(0, length - STRETCH_BYTES);
    int start = (int) (spread * stretch / (STRETCHES - 1)) & ~3;
    boolean overlaps = spread < (long) STRETCHES * STRETCH_BYTES;
    return overlaps ? Math.min(length, stretch * STRETCH_BYTES) : start;
  }

  /** Mean entropy of the planes of numbers of a size. */
  private double merge(int size) {
    double sum = 0;
    for (int plane = 0; plane < size; plane++) {
      int[] into = merged[plane];
      Arrays.fill(into, 0);
      for (int lane = plane; lane < 4; lane += size) {
        for (int value = 0; value < 256; value++) {
          into[value] += lanes[lane][value];
        }
      }
      sum += Entropy.bits(into);
    }
    return sum / size;
  }

  /** Behind the plane of the lowest entropy; the planes are merged. */
  private int phase(int size) {
    int lowest = 0;
    double least = Double.MAX_VALUE;
    for (int plane = 0; plane < size; plane++) {
      double entropy = Entropy.bits(merged[plane]);
      if (entropy < least) {
        least = entropy;
        lowest = plane;
      }
    }
    return (lowest + 1) % size;
  }

  private double rotated(byte[] block, int length, Layout layout) {
    int size = layout.size();
    for (int[] plane : merged) {
      Arrays.fill(plane, 0);
    }
    for (int i = 0; i < STRETCHES; i++) {
      int from = start(i, length) + layout.phase();
      int to = Math.min(length, from + STRETCH_BYTES);
      for (int at = from; at + size <= to; at += size) {
        int sign = block[at + size - 1] >> 7 & 1;
        for (int plane = 0; plane < size; plane++) {
          merged[plane][(block[at + plane] << 1 | sign) & 0xFF]++;
          sign = block[at + plane] >> 7 & 1;
        }
      }
    }
    double sum = 0;
    for (int plane = 0; plane < size; plane++) {
      sum += Entropy.bits(merged[plane]);
    }
    return sum / size;
  }
}
