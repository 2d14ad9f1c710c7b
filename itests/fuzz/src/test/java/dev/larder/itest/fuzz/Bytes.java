package dev.larder.itest.fuzz;

import java.nio.ByteBuffer;

/**
 * An input that is read as a list of decisions. Behind its end all are zero, so every input means
 * something, and a longer one says more.
 */
final class Bytes {

  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    255,
    256,
    511,
    512,
    4096,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    (1L << 55) - 1,
    1L << 55,
    (1L << 56) - 1,
    1L << 56,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final ByteBuffer in;

  Bytes(byte[] input) {
    this.in = ByteBuffer.wrap(input);
  }

  boolean more() {
    return in.hasRemaining();
  }

  int next() {
    return in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : 0;
  }

  /** One of so many, 0 to 65,536; 0 if there is none. */
  int below(int many) {
    int value = many > 256 ? next() << 8 | next() : next();
    return many == 0 ? 0 : value % many;
  }

  /** True once in so many. */
  boolean onceIn(int many) {
    return below(many) == 1;
  }

  /** Mostly what is right, now and then something that is not. */
  long mostly(long right) {
    if (next() < 236) {
      return right;
    }
    int choice = next();
    if (choice < 64) {
      return right + choice - 32;
    }
    if (choice < 224) {
      return EDGES[choice % EDGES.length];
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  /** A number at the end of some range, or next to it. */
  long edge() {
    return EDGES[below(EDGES.length)] + below(5) - 2;
  }

  /** The next bytes, at most so many. */
  byte[] take(int atMost) {
    byte[] bytes = new byte[Math.min(atMost, in.remaining())];
    in.get(bytes);
    return bytes;
  }

  byte[] rest() {
    return take(Integer.MAX_VALUE);
  }
}
