package dev.larder.store.format;

import java.nio.ByteBuffer;

/**
 * How a block is stored, in the two words that a run's table, a footer and the index share.
 *
 * @param raw unencoded length, 1 to {@link Layout#MAX_BLOCK}
 * @param stored length of the stored form, references to other blocks included
 * @param codec number of the codec, 0 for none; in a pack it is the pack's own, in the index the
 *     volume's
 * @param flags see the constants
 * @param crc checksum of the stored form
 */
public record StoredBlock(int raw, int stored, int codec, int flags, int crc) {

  /** A delta stands on so many blocks at the most. */
  public static final int MOST_BASES = 7;

  /** After what it stands on, the stored form has the SHA-256 of a block that is its dictionary. */
  public static final int DICTIONARY = 2;

  /** How many bases: bit 0 for one, 2 and 3 for two and four more. */
  private static final int BASES = 0x0D;

  /** Flags that lie on the medium. */
  public static final int STORED_FLAGS = BASES | DICTIONARY;

  /** Of a block: a form that stands alone must be this much shorter, else the block is stored. */
  private static final double MOST_OF_RAW = 0.97;

  private static final int LENGTH_MASK = 0xFF_FFFF;

  /** Writes both words and the checksum. */
  public void put(ByteBuffer out) {
    out.putInt(flags << 24 | raw).putInt(codec << 24 | stored).putInt(crc);
  }

  /** Reads both words and the checksum. */
  public static StoredBlock read(ByteBuffer in) {
    int first = in.getInt();
    int second = in.getInt();
    return new StoredBlock(
        first & LENGTH_MASK, second & LENGTH_MASK, second >>> 24, first >>> 24, in.getInt());
  }

  /** Bytes that a form of a block may have to be stored in its place; may be 0. */
  public static int mostEncoded(int raw) {
    return (int) (raw * MOST_OF_RAW);
  }

  /** Flags of a delta: the stored form begins with the SHA-256 of each block it stands on. */
  public static int delta(int bases) {
    return bases & 1 | (bases & ~1) << 1;
  }

  /** How many blocks it is a delta against; their bytes, one after the other, are the reference. */
  public int bases() {
    return flags & 1 | (flags & BASES) >> 1 & ~1;
  }

  /** Whether it has a dictionary. */
  public boolean hasDictionary() {
    return (flags & DICTIONARY) != 0;
  }

  /** Whether it is fit to be the base of a delta: it is none itself. */
  public boolean standsAlone() {
    return bases() == 0;
  }

  /** Bytes of the hashes that the stored form begins with. */
  public int prefixBytes() {
    return 32 * (bases() + (hasDictionary() ? 1 : 0));
  }

  /** Whether it can be true. */
  public boolean plausible() {
    boolean lengths =
        raw >= 1 && raw <= Layout.MAX_BLOCK && stored >= 1 && stored <= Layout.MAX_BLOCK;
    boolean form = codec == 0 ? stored == raw && flags == 0 : stored > prefixBytes();
    return lengths && form && (flags & ~STORED_FLAGS) == 0;
  }

  /** The same with another number for the codec. */
  public StoredBlock withCodec(int number) {
    return new StoredBlock(raw, stored, number, flags, crc);
  }
}
