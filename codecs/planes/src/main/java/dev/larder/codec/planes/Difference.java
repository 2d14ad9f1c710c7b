package dev.larder.codec.planes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What numbers are against those of a reference. Floats are first mapped to integers in the order
 * of their values (negative ones complemented, the sign of the others flipped), so that a small
 * change of a value is a small difference, also where it goes through a power of two or zero; the
 * difference is then zigzag coded: 0, −1, 1, −2 become 0, 1, 2, 3.
 */
final class Difference {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Difference() {}

  /** Puts the differences in place of the numbers. */
  static void subtract(byte[] numbers, byte[] reference, int from, int size, int count) {
    int end = from + size * count;
    if (size == 4) {
      for (int at = from; at < end; at += 4) {
        int difference =
            ordered((int) INTS.get(numbers, at)) - ordered((int) INTS.get(reference, at));
        INTS.set(numbers, at, difference << 1 ^ difference >> 31);
      }
    } else if (size == 2) {
      for (int at = from; at < end; at += 2) {
        short difference =
            (short)
                (ordered((short) SHORTS.get(numbers, at))
                    - ordered((short) SHORTS.get(reference, at)));
        SHORTS.set(numbers, at, (short) (difference << 1 ^ difference >> 15));
      }
    } else {
      for (int at = from; at < end; at++) {
        byte difference = (byte) (numbers[at] - reference[at]);
        numbers[at] = (byte) (difference << 1 ^ difference >> 7);
      }
    }
  }

  /** Undoes {@link #subtract}. */
  static void add(byte[] differences, byte[] reference, int from, int size, int count) {
    int end = from + size * count;
    if (size == 4) {
      for (int at = from; at < end; at += 4) {
        int zigzag = (int) INTS.get(differences, at);
        int difference = zigzag >>> 1 ^ -(zigzag & 1);
        INTS.set(differences, at, unordered(difference + ordered((int) INTS.get(reference, at))));
      }
    } else if (size == 2) {
      for (int at = from; at < end; at += 2) {
        int zigzag = (short) SHORTS.get(differences, at) & 0xFFFF;
        int difference = zigzag >>> 1 ^ -(zigzag & 1);
        SHORTS.set(
            differences,
            at,
            unordered((short) (difference + ordered((short) SHORTS.get(reference, at)))));
      }
    } else {
      for (int at = from; at < end; at++) {
        int zigzag = differences[at] & 0xFF;
        differences[at] = (byte) ((zigzag >>> 1 ^ -(zigzag & 1)) + reference[at]);
      }
    }
  }

  private static int ordered(int bits) {
    return bits ^ (bits >> 31 | Integer.MIN_VALUE);
  }

  private static int unordered(int order) {
    return order ^ (~order >> 31 | Integer.MIN_VALUE);
  }

  private static short ordered(short bits) {
    return (short) (bits ^ (bits >> 15 | 0x8000));
  }

  private static short unordered(short order) {
    return (short) (order ^ (~order >> 15 | 0x8000));
  }

  /** Exclusive or; its own reverse. */
  static void xor(byte[] numbers, byte[] reference, int from, int bytes) {
    for (int at = from; at < from + bytes; at++) {
      numbers[at] ^= reference[at];
    }
  }
}
