package dev.larder.itest.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages inputs the way storage and enemies do: bits, bytes, whole fields, pieces lost, doubled
 * and mixed. The same seed does the same.
 */
final class Mutator {

  private static final int LONGEST = 64 << 10;
  private static final int MOST_CHANGES = 6;
  private static final long[] FIELDS = {
    0,
    1,
    -1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0x7FFF_FFFF,
    0x8000_0000L,
    0xFFFF_FFFFL,
    1L << 55,
    1L << 56,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;
  private final List<byte[]> seeds;

  Mutator(long seed, List<byte[]> seeds) {
    // Neighbouring seeds would begin with the same numbers.
    this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    this.seeds = seeds;
  }

  /** A damaged copy of one of the seeds. */
  byte[] next() {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    if (random.nextInt(4) == 0) {
      head(bytes);
    }
    for (int n = 1 + random.nextInt(MOST_CHANGES); n > 0; n--) {
      bytes = change(bytes);
    }
    return bytes.length <= LONGEST ? bytes : Arrays.copyOf(bytes, LONGEST);
  }

  /** What comes first often decides about all that follows. */
  private void head(byte[] bytes) {
    for (int i = 0; i < Math.min(8, bytes.length); i++) {
      bytes[i] = (byte) random.nextInt();
    }
  }

  private byte[] change(byte[] bytes) {
    if (bytes.length == 0) {
      return insert(bytes);
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> flip(bytes);
      case 2, 3 -> field(bytes);
      case 4 -> cut(bytes);
      case 5 -> insert(bytes);
      case 6 -> copyOver(bytes);
      case 7 -> splice(bytes);
      default -> one(bytes);
    };
  }

  private byte[] flip(byte[] bytes) {
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private byte[] one(byte[] bytes) {
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    return bytes;
  }

  /** A number of 1, 2, 4 or 8 bytes at its edge, or a little more or less than it was. */
  private byte[] field(byte[] bytes) {
    int width = Math.min(1 << random.nextInt(4), bytes.length);
    int at = random.nextInt(bytes.length - width + 1);
    long value = FIELDS[random.nextInt(FIELDS.length)];
    if (random.nextBoolean()) {
      value = random.nextInt(33) - 16;
      for (int i = 0, shift = 8 * (width - 1); i < width; i++, shift -= 8) {
        value += Byte.toUnsignedLong(bytes[at + i]) << shift;
      }
    }
    for (int i = width - 1; i >= 0; i--) {
      bytes[at + i] = (byte) value;
      value >>= 8;
    }
    return bytes;
  }

  private byte[] cut(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = random.nextInt(3) == 0 ? bytes.length : from + length(bytes.length - from);
    return join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
  }

  private byte[] insert(byte[] bytes) {
    byte[] more = new byte[1 + random.nextInt(32)];
    if (random.nextBoolean()) {
      random.nextBytes(more);
    }
    int at = random.nextInt(bytes.length + 1);
    return join(Arrays.copyOf(bytes, at), join(more, Arrays.copyOfRange(bytes, at, bytes.length)));
  }

  private byte[] copyOver(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = random.nextInt(bytes.length);
    System.arraycopy(bytes, from, bytes, to, length(bytes.length - Math.max(from, to)));
    return bytes;
  }

  private byte[] splice(byte[] bytes) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int at = random.nextInt(bytes.length + 1);
    int from = random.nextInt(other.length + 1);
    return join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, from, other.length));
  }

  /** Mostly short. */
  private int length(int most) {
    return Math.min(most, 1 + random.nextInt(1 << (1 + random.nextInt(10))));
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
