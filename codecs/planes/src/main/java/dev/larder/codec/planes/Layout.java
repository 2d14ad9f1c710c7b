package dev.larder.codec.planes;

import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;

/**
 * How the numbers of a block lie in it, and what was done to them. The first byte of a stored form:
 * bits 0 and 1 the binary logarithm of the size, 3 for numbers of one byte that are a plane, and 0
 * for bytes that are not; 2 and 3 the phase, 4 aligned, 5 rotated, 6 and 7 the relation. If it is
 * aligned, the pieces follow; see {@link Alignment}.
 *
 * <p>If there are no planes, one frame follows. Else a byte with a bit for each plane that is raw,
 * the lowest for the plane of the last bytes, and four bits higher one for each that is sparse;
 * then u24 lengths of all planes but the last that are not raw, the planes from the highest byte of
 * the numbers to the lowest, and the bytes that are in no number. A sparse plane begins with the
 * u24 length of the frame of its packed bytes; behind that is the rest, as a frame if that is
 * shorter; see {@link Sparse}.
 *
 * @param size bytes of a number: 1, 2 or 4; they are little-endian
 * @param planes whether there are any; always if the size is more than 1
 * @param phase bytes before the first number; less than {@code size}
 * @param rotated whether the sign was moved from the highest bit to the lowest, so that the
 *     exponent of 8 bits of bf16 and fp32 fills a plane
 * @param aligned whether the bytes of the reference lie elsewhere than those of the block
 * @param relation to the reference block
 */
record Layout(
    int size, boolean planes, int phase, boolean rotated, boolean aligned, Relation relation) {

  /** First byte, pieces of the reference, flags of raw planes, three lengths. */
  static final int MOST_HEADER_BYTES = 2 + Alignment.MOST_BYTES + 3 * 3;

  /** Not numbers. */
  static final Layout BYTES = new Layout(1, false, 0, false, false, Relation.NONE);

  /** Numbers of one byte. */
  static final Layout PLANE = new Layout(1, true, 0, false, false, Relation.NONE);

  /** The flag of the plane of the last bytes if it is raw. */
  static final int RAW = 1;

  /** The same if it is sparse. */
  static final int SPARSE = 1 << 4;

  static final int LENGTH_BYTES = 3;

  private static final int ROTATED = 1 << 5;
  private static final int ALIGNED = 1 << 4;
  private static final int ONE_PLANE = 3;

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
    return new Layout(size, planes, phase, rotated && other == Relation.NONE, aligned, other);
  }

  Layout with(boolean otherRotation) {
    return new Layout(size, planes, phase, otherRotation, aligned, relation);
  }

  Layout aligned(boolean otherAlignment) {
    return new Layout(size, planes, phase, rotated, otherAlignment, relation);
  }

  /** Numbers in a block. */
  int count(int length) {
    return Math.max(0, length - phase) / size;
  }

  byte encoded() {
    int log = planes && size == 1 ? ONE_PLANE : Integer.numberOfTrailingZeros(size);
    int flags = (rotated ? ROTATED : 0) | (aligned ? ALIGNED : 0);
    return (byte) (log | phase << 2 | flags | relation.ordinal() << 6);
  }

  static Layout decode(int first) throws MalformedBlockException {
    int log = first & 3;
    int size = log == ONE_PLANE ? 1 : 1 << log;
    int phase = first >> 2 & 3;
    boolean rotated = (first & ROTATED) != 0;
    boolean aligned = (first & ALIGNED) != 0;
    Relation relation = Relation.values()[first >> 6 & 3];
    boolean single = size == 1 || relation == Relation.PREFIXED;
    if (phase >= size
        || (aligned && (relation == Relation.NONE || relation == Relation.PREFIXED))
        || (relation == Relation.PREFIXED && log != 0)
        || (rotated && (single || relation != Relation.NONE))) {
      throw new MalformedBlockException("no layout of planes: " + first);
    }
    return new Layout(size, log != 0, phase, rotated, aligned, relation);
  }

  /** Writes a u24; returns where it ends. */
  static int putLength(byte[] to, int at, int value) {
    to[at] = (byte) (value >>> 16);
    to[at + 1] = (byte) (value >>> 8);
    to[at + 2] = (byte) value;
    return at + LENGTH_BYTES;
  }

  /** Reads a u24. */
  static int length(ByteBuffer stored, int at) {
    return (stored.get(at) & 0xFF) << 16
        | (stored.get(at + 1) & 0xFF) << 8
        | stored.get(at + 2) & 0xFF;
  }
}
