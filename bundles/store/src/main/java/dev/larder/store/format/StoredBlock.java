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

  /** The stored form begins with the SHA-256 of the block that it is a delta against. */
  public static final int DELTA = 1;

  /** The stored form then has the SHA-256 of the block that serves as its dictionary. */
  public static final int DICTIONARY = 2;

  /** Flags that lie on the medium. */
  public static final int STORED_FLAGS = DELTA | DICTIONARY;

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

  /** Bytes of the hashes that the stored form begins with. */
  public int prefixBytes() {
    return 32 * Integer.bitCount(flags & STORED_FLAGS);
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
