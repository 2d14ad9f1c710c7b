package dev.larder.codec.planes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Planes in which most bytes are 0, 1 or 2: differences of numbers that changed a little, weights
 * of a pruned model. A Huffman code takes a bit for each byte at the least, as Zstandard does; four
 * bytes in one, two bits for each, are coded together and take what they are worth. A larger byte
 * is 3 there, and is kept in the rest.
 */
final class Sparse {

  private static final int LARGER = 3;
  private static final int[] FOUR_OF = new int[256];
  private static final byte[] LARGER_IN = new byte[256];
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static {
    for (int packed = 0; packed < 256; packed++) {
      for (int i = 0; i < 4; i++) {
        int bits = packed >> 2 * i & 3;
        FOUR_OF[packed] |= bits << 8 * i;
        LARGER_IN[packed] += (byte) (bits == LARGER ? 1 : 0);
      }
    }
  }

  private Sparse() {}

  /** Bytes that so many take if they are packed, without the rest. */
  static int packedBytes(int count) {
    return (count + 3) / 4;
  }

  /**
   * Packs bytes.
   *
   * @return bytes of the rest
   */
  static int pack(byte[] plane, int from, int count, byte[] packed, byte[] rest) {
    int larger = 0;
    for (int i = 0; i < count; i += 4) {
      int four = 0;
      for (int j = 0; j < Math.min(4, count - i); j++) {
        byte value = plane[from + i + j];
        boolean fits = value >= 0 && value < LARGER;
        four |= (fits ? value : LARGER) << 2 * j;
        if (!fits) {
          rest[larger++] = value;
        }
      }
      packed[i / 4] = (byte) four;
    }
    return larger;
  }

  /** Bytes of the rest of what is packed; what is behind the last byte counts, too. */
  static int rest(byte[] packed, int count) {
    int larger = 0;
    for (int i = 0; i < packedBytes(count); i++) {
      larger += LARGER_IN[packed[i] & 0xFF];
    }
    return larger;
  }

  /**
   * Undoes {@link #pack}.
   *
   * @param rest as many bytes as {@link #rest} says
   */
  static void unpack(byte[] packed, byte[] rest, byte[] plane, int from, int count) {
    int larger = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      int four = packed[i / 4] & 0xFF;
      INTS.set(plane, from + i, FOUR_OF[four]);
      if (LARGER_IN[four] != 0) {
        for (int j = 0; j < 4; j++) {
          if ((four >> 2 * j & 3) == LARGER) {
            plane[from + i + j] = rest[larger++];
          }
        }
      }
    }
    for (; i < count; i++) {
      int bits = packed[i / 4] >> 2 * (i & 3) & 3;
      plane[from + i] = bits == LARGER ? rest[larger++] : (byte) bits;
    }
  }
}
