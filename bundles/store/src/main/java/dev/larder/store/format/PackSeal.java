package dev.larder.store.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Seeds the checksums of headers with the volume's secret, the pack and the offset. Stored content
 * that looks like a record, such as an artifact that is itself a pack, is thereby never taken for
 * one, nor is a record that ended up at another place.
 *
 * @param secret of the volume
 * @param pack number of the pack
 */
public record PackSeal(long secret, long pack) {

  /** Checksum of a header that starts at an offset of the pack. */
  public int of(long offset, ByteBuffer header) {
    ByteBuffer seed = ByteBuffer.allocate(24);
    seed.putLong(secret).putLong(pack).putLong(offset).flip();
    CRC32C crc = new CRC32C();
    crc.update(seed);
    crc.update(header.duplicate());
    return (int) crc.getValue();
  }
}
