package dev.larder.codec.planes;

import dev.larder.spi.codec.MalformedBlockException;

/**
 * How the numbers of a block lie in it, and what was done to them. The first byte of a stored form:
 * bits 0 and 1 the binary logarithm of the size, 2 and 3 the phase, 5 rotated, 6 and 7 the
 * relation.
 *
 * <p>If the size is 1, one frame follows. Else a byte with a bit for each plane that is raw, the
 * lowest for the plane of the last bytes; then u24 lengths of all frames but the last, the planes
 * from the highest byte of the numbers to the lowest, and the bytes that are in no number.
 *
 * @param size bytes of a number: 1, 2 or 4; they are little-endian
 * @param phase bytes before the first number; less than {@code size}
 * @param rotated whether the sign was moved from the highest bit to the lowest, so that the
 *     exponent of 8 bits of bf16 and fp32 fills a plane
 * @param relation to the reference block
 */
record Layout(int size, int phase, boolean rotated, Relation relation) {

  /** First byte, flags of raw planes, three lengths. */
  static final int MOST_HEADER_BYTES = 2 + 3 * 3;

  /** Numbers of one byte. */
  static final Layout BYTES = new Layout(1, 0, false, Relation.NONE);

  private static final int ROTATED = 1 << 5;
  private static final int RESERVED = 1 << 4;
  private static final int LARGEST_LOG = 2;

  /** What stands for a block that has a reference. */
  enum Relation {
    /** The block. */
    NONE,
    /** The difference of the numbers, see {@link Difference}. */
    SUBTRACTED,
    /** Exclusive or with the reference. */
    XORED,
    /** A frame that may refer to the bytes of the reference. */
    PREFIXED
  }

  Layout with(Relation other) {
    return new Layout(size, phase, rotated && other == Relation.NONE, other);
  }

  Layout with(boolean otherRotation) {
    return new Layout(size, phase, otherRotation, relation);
  }

  /** Numbers in a block. */
  int count(int length) {
    return Math.max(0, length - phase) / size;
  }

  byte encoded() {
    int log = Integer.numberOfTrailingZeros(size);
    int flags = rotated ? ROTATED : 0;
    return (byte) (log | phase << 2 | flags | relation.ordinal() << 6);
  }

  static Layout decode(int first) throws MalformedBlockException {
    int log = first & 3;
    int phase = first >> 2 & 3;
    boolean rotated = (first & ROTATED) != 0;
    Relation relation = Relation.values()[first >> 6 & 3];
    boolean single = log == 0 || relation == Relation.PREFIXED;
    if (log > LARGEST_LOG
        || phase >= 1 << log
        || (first & RESERVED) != 0
        || (relation == Relation.PREFIXED && log != 0)
        || (rotated && (single || relation != Relation.NONE))) {
      throw new MalformedBlockException("no layout of planes: " + first);
    }
    return new Layout(1 << log, phase, rotated, relation);
  }
}
