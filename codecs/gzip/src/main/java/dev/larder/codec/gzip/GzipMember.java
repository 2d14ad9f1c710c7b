package dev.larder.codec.gzip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** The frame around the deflated bytes, RFC 1952 §2.3: no name, no time, no extra fields. */
final class GzipMember {

  /** Magic number, deflate, no flags, no time, no extra flags, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  static final int HEADER_BYTES = HEADER.length;
  static final int TRAILER_BYTES = 8;
  static final int OVERHEAD = HEADER_BYTES + TRAILER_BYTES;

  private GzipMember() {}

  static void writeHeader(ByteBuffer target) {
    target.put(HEADER);
  }

  static boolean startsWithHeader(ByteBuffer source) {
    return source.remaining() >= OVERHEAD
        && source.slice(source.position(), HEADER_BYTES).equals(ByteBuffer.wrap(HEADER));
  }

  /** Checksum and length of the block. */
  static long trailer(ByteBuffer block) {
    CRC32 checksum = new CRC32();
    checksum.update(block.duplicate());
    return checksum.getValue() | (long) block.remaining() << 32;
  }

  static void writeTrailer(ByteBuffer target, long trailer) {
    ByteBuffer place = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    place.putLong(0, trailer);
    target.position(target.position() + TRAILER_BYTES);
  }

  static long readTrailer(ByteBuffer source) {
    return source
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong(source.remaining() - TRAILER_BYTES);
  }
}
