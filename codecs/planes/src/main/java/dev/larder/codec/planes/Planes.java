package dev.larder.codec.planes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Takes numbers apart into planes of bytes and puts them together again, eight bytes at a time in a
 * register ("SIMD within a register"), because the compiler does not vectorise strided access.
 *
 * <p>Planes lie one behind the other, from the highest byte of the numbers to the lowest.
 */
final class Planes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
  private static final long EVEN_PAIRS = 0x0000_FFFF_0000_FFFFL;
  private static final long FOURTH_BYTES = 0x0000_00FF_0000_00FFL;
  private static final long LOWEST_OF_16 = 0x0001_0001_0001_0001L;
  private static final long LOWEST_OF_32 = 0x0000_0001_0000_0001L;

  private Planes() {}

  /** Moves the lowest bit of each number back to the highest place. */
  private static void rotateBack(byte[] numbers, int from, int size, int count) {
    int end = from + size * count;
    long lowest = size == 2 ? LOWEST_OF_16 : LOWEST_OF_32;
    int highest = 8 * size - 1;
    long highestBits = lowest << highest;
    int at = from;
    for (; at + 8 <= end; at += 8) {
      long eight = (long) LONGS.get(numbers, at);
      LONGS.set(numbers, at, (eight >>> 1 & ~highestBits) | (eight & lowest) << highest);
    }
    for (; at < end; at += size) {
      int number = number(numbers, at, size);
      put(numbers, at, size, number >>> 1 | (number & 1) << highest);
    }
  }

  private static int number(byte[] bytes, int at, int size) {
    int number = 0;
    for (int i = 0; i < size; i++) {
      number |= (bytes[at + i] & 0xFF) << 8 * i;
    }
    return number;
  }

  private static void put(byte[] bytes, int at, int size, int number) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (number >>> 8 * i);
    }
  }

  /**
   * Takes {@code count} numbers from {@code from} on apart; planes begin at the array's start.
   *
   * @param rotated whether the highest bit of each number is moved to the lowest place
   */
  static void split(byte[] numbers, int from, int size, boolean rotated, int count, byte[] planes) {
    if (size == 1) {
      System.arraycopy(numbers, from, planes, 0, count);
    } else if (size == 2) {
      splitPairs(numbers, from, rotated, count, planes);
    } else {
      splitFours(numbers, from, rotated, count, planes);
    }
  }

  private static void splitPairs(
      byte[] numbers, int from, boolean rotated, int count, byte[] planes) {
    int shift = rotated ? 1 : 0;
    long lowest = rotated ? LOWEST_OF_16 : 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long four = (long) LONGS.get(numbers, from + 2 * i);
      four = (four << shift & ~lowest) | (four >>> 15 & lowest);
      INTS.set(planes, i, packed(four >>> 8));
      INTS.set(planes, count + i, packed(four));
    }
    for (; i < count; i++) {
      int number = number(numbers, from + 2 * i, 2);
      number = number << shift | (number >>> 15 & shift);
      planes[i] = (byte) (number >>> 8);
      planes[count + i] = (byte) number;
    }
  }

  /** Every second byte, beginning with the lowest. */
  private static int packed(long bytes) {
    long pairs = bytes & EVEN_BYTES;
    pairs = (pairs | pairs >>> 8) & EVEN_PAIRS;
    return (int) (pairs | pairs >>> 16);
  }

  /** The lowest bytes of numbers of {@code size} 2 or 4, of eight of them. */
  static long lowestOfEight(byte[] numbers, int from, int size) {
    if (size == 2) {
      long first = packed((long) LONGS.get(numbers, from)) & 0xFFFF_FFFFL;
      return first | (long) packed((long) LONGS.get(numbers, from + 8)) << 32;
    }
    long first = fourth((long) LONGS.get(numbers, from), (long) LONGS.get(numbers, from + 8));
    long second =
        fourth((long) LONGS.get(numbers, from + 16), (long) LONGS.get(numbers, from + 24));
    return first & 0xFFFF_FFFFL | second << 32;
  }

  private static void splitFours(
      byte[] numbers, int from, boolean rotated, int count, byte[] planes) {
    int shift = rotated ? 1 : 0;
    long lowest = rotated ? LOWEST_OF_32 : 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long low = (long) LONGS.get(numbers, from + 4 * i);
      long high = (long) LONGS.get(numbers, from + 4 * i + 8);
      low = (low << shift & ~lowest) | (low >>> 31 & lowest);
      high = (high << shift & ~lowest) | (high >>> 31 & lowest);
      INTS.set(planes, i, fourth(low >>> 24, high >>> 24));
      INTS.set(planes, count + i, fourth(low >>> 16, high >>> 16));
      INTS.set(planes, 2 * count + i, fourth(low >>> 8, high >>> 8));
      INTS.set(planes, 3 * count + i, fourth(low, high));
    }
    for (; i < count; i++) {
      int number = number(numbers, from + 4 * i, 4);
      number = number << shift | (number >>> 31 & shift);
      for (int plane = 0; plane < 4; plane++) {
        planes[plane * count + i] = (byte) (number >>> 24 - 8 * plane);
      }
    }
  }

  /** Bytes 0 and 4 of both. */
  private static int fourth(long low, long high) {
    long first = low & FOURTH_BYTES;
    long second = high & FOURTH_BYTES;
    int two = (int) (first | first >>> 24) & 0xFFFF;
    return two | (int) (second | second >>> 24) << 16;
  }

  /**
   * Puts {@code count} numbers together, and their signs in their place if they were rotated.
   *
   * @param planes each plane's bytes, from the highest to the lowest, and where in them it begins
   */
  static void join(Plane[] planes, int size, boolean rotated, int count, byte[] numbers, int to) {
    if (size == 1) {
      System.arraycopy(planes[0].bytes(), planes[0].at(), numbers, to, count);
    } else if (size == 2) {
      joinPairs(planes[0], planes[1], rotated ? LOWEST_OF_16 : 0, count, numbers, to);
    } else {
      joinFours(planes, count, numbers, to);
      if (rotated) {
        rotateBack(numbers, to, size, count);
      }
    }
  }

  /** Where a plane lies. */
  record Plane(byte[] bytes, int at) {}

  /**
   * Two planes.
   *
   * @param lowest the lowest bits of the numbers if they are to be moved to the highest place, or 0
   */
  private static void joinPairs(
      Plane high, Plane low, long lowest, int count, byte[] numbers, int to) {
    byte[] highs = high.bytes();
    byte[] lows = low.bytes();
    int highAt = high.at();
    int lowAt = low.at();
    int shift = lowest == 0 ? 0 : 1;
    long kept = ~(lowest << 15);
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      long eightHighs = (long) LONGS.get(highs, highAt + i);
      long eightLows = (long) LONGS.get(lows, lowAt + i);
      long first = shuffled(eightHighs << 32 | eightLows & 0xFFFF_FFFFL);
      long second = shuffled(eightHighs & ~0xFFFF_FFFFL | eightLows >>> 32);
      int at = to + 2 * i;
      LONGS.set(numbers, at, (first >>> shift & kept) | (first & lowest) << 15);
      LONGS.set(numbers, at + 8, (second >>> shift & kept) | (second & lowest) << 15);
    }
    for (; i < count; i++) {
      int number = (highs[highAt + i] & 0xFF) << 8 | lows[lowAt + i] & 0xFF;
      int moved = number >>> shift | (number & (int) lowest & 1) << 15;
      numbers[to + 2 * i] = (byte) moved;
      numbers[to + 2 * i + 1] = (byte) (moved >>> 8);
    }
  }

  /** Bytes 0 to 3 and 4 to 7 alternating: a perfect shuffle (Hacker's Delight, 7-2). */
  private static long shuffled(long bytes) {
    long middle = (bytes ^ bytes >>> 16) & 0x0000_0000_FFFF_0000L;
    long pairs = bytes ^ middle ^ middle << 16;
    middle = (pairs ^ pairs >>> 8) & 0x0000_FF00_0000_FF00L;
    return pairs ^ middle ^ middle << 8;
  }

  private static void joinFours(Plane[] planes, int count, byte[] numbers, int to) {
    byte[] a = planes[0].bytes();
    byte[] b = planes[1].bytes();
    byte[] c = planes[2].bytes();
    byte[] d = planes[3].bytes();
    int aAt = planes[0].at();
    int bAt = planes[1].at();
    int cAt = planes[2].at();
    int dAt = planes[3].at();
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      int highest = (int) INTS.get(a, aAt + i);
      int second = (int) INTS.get(b, bAt + i);
      int third = (int) INTS.get(c, cAt + i);
      int lowest = (int) INTS.get(d, dAt + i);
      LONGS.set(numbers, to + 4 * i, two(highest, second, third, lowest));
      LONGS.set(
          numbers, to + 4 * i + 8, two(highest >>> 16, second >>> 16, third >>> 16, lowest >>> 16));
    }
    for (; i < count; i++) {
      numbers[to + 4 * i + 3] = a[aAt + i];
      numbers[to + 4 * i + 2] = b[bAt + i];
      numbers[to + 4 * i + 1] = c[cAt + i];
      numbers[to + 4 * i] = d[dAt + i];
    }
  }

  /** Two numbers of the two lowest bytes of each plane. */
  private static long two(int highest, int second, int third, int lowest) {
    return apart(highest) << 24 | apart(second) << 16 | apart(third) << 8 | apart(lowest);
  }

  private static long apart(int two) {
    return two & 0xFFL | (two & 0xFF00L) << 24;
  }
}
