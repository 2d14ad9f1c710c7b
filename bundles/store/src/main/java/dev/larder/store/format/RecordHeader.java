package dev.larder.store.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What each record begins with: {@code type u8, flags u8, count u16, headerBytes u32, payloadBytes
 * u32, payloadCrc u32}, then the type's own fields, then the header's checksum.
 *
 * @param type what it is
 * @param flags see the constants
 * @param count blocks of a run, else 0
 * @param headerBytes from the record's first byte to the end of the header's checksum
 * @param payloadBytes what follows
 * @param payloadCrc checksum of the payload; 0 in a run, whose blocks have one each
 */
public record RecordHeader(
    int type, int flags, int count, int headerBytes, int payloadBytes, int payloadCrc) {

  /** Nothing up to the next unit. */
  public static final int PADDING = 0;

  /** Blocks. */
  public static final int RUN = 1;

  /** Commit record: the list of an artifact's blocks. */
  public static final int MANIFEST = 2;

  /** Commit record: a reference was pointed or deleted. */
  public static final int REFERENCE = 3;

  /** Commit record: an artifact is no longer here. */
  public static final int DROP = 4;

  /** What a number in this pack's runs stands for: a codec and its version. */
  public static final int FORMAT = 5;

  /** Index of a sealed pack. */
  public static final int FOOTER = 6;

  /** Second copies of references and drops of this pack. */
  public static final int COPIES = 7;

  /** A reader that does not know the type must refuse the volume. */
  public static final int MUST_UNDERSTAND = 1;

  /** The next record belongs to the same commit: all or none of them hold. */
  public static final int MORE = 2;

  /** Acknowledged before and copied by a collection. */
  public static final int RELOCATED = 4;

  /** The record belongs to the commit of the one directly before it. */
  public static final int CONTINUES = 8;

  /** A second copy of a small manifest of this pack, in room that would be padding else. */
  public static final int SPARE = 16;

  /** Bytes of the whole record. */
  public long bytes() {
    return (long) headerBytes + payloadBytes;
  }

  /** Writes the common fields at the buffer's position. */
  public void put(ByteBuffer out) {
    out.put((byte) type).put((byte) flags).putShort((short) count);
    out.putInt(headerBytes).putInt(payloadBytes).putInt(payloadCrc);
  }

  /** Writes the checksum of the header that starts at an index of the buffer. */
  public static void seal(ByteBuffer out, int start, int headerBytes, PackSeal seal, long offset) {
    int crcAt = headerBytes - Layout.CRC_BYTES;
    out.putInt(start + crcAt, seal.of(offset, out.slice(start, crcAt)));
  }

  /**
   * Reads a header at the buffer's position, which stays.
   *
   * @param offset of that position within the pack
   * @param room bytes from there to the end of the pack
   * @return null if there is none, or a damaged one
   */
  public static @Nullable RecordHeader read(ByteBuffer in, PackSeal seal, long offset, long room) {
    int start = in.position();
    if (in.remaining() < Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES) {
      return null;
    }
    int headerBytes = in.getInt(start + 4);
    int payloadBytes = in.getInt(start + 8);
    if (in.get(start) == PADDING
        || headerBytes < Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES
        || headerBytes > Layout.MAX_HEADER
        || headerBytes > in.remaining()
        || payloadBytes < 0
        || (long) headerBytes + payloadBytes > room) {
      return null;
    }
    int crcAt = headerBytes - Layout.CRC_BYTES;
    if (in.getInt(start + crcAt) != seal.of(offset, in.slice(start, crcAt))) {
      return null;
    }
    return new RecordHeader(
        Byte.toUnsignedInt(in.get(start)),
        Byte.toUnsignedInt(in.get(start + 1)),
        Short.toUnsignedInt(in.getShort(start + 2)),
        headerBytes,
        payloadBytes,
        in.getInt(start + 12));
  }
}
