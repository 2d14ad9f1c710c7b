package dev.larder.store.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), which the processor computes faster than memory delivers. */
public final class Checksum {

  private Checksum() {}

  /** Of a buffer from position to limit; both stay. */
  public static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /** Of a part of a buffer. */
  public static int of(ByteBuffer bytes, int index, int length) {
    return of(bytes.slice(index, length));
  }
}
