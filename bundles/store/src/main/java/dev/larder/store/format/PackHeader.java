package dev.larder.store.format;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * What a pack begins with, alone in its first unit.
 *
 * @param minimumReader version that a reader must know at least
 * @param unit each force starts on a multiple of it
 * @param volume that the pack belongs to
 * @param pack its number
 * @param epoch of the volume when it was begun
 */
public record PackHeader(int minimumReader, int unit, UUID volume, long pack, long epoch) {

  /** Length of its fields. */
  public static final int BYTES = 52;

  private static final long MAGIC = 0x4C41_5244_4552_504BL; // LARDERPK

  /** Its bytes, filled up to one unit. */
  public ByteBuffer encode(PackSeal seal) {
    ByteBuffer out = ByteBuffer.allocate(unit);
    out.putLong(MAGIC);
    out.putShort((short) Layout.FORMAT_VERSION).putShort((short) minimumReader);
    out.putInt(unit);
    out.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
    out.putLong(pack).putLong(epoch);
    out.putInt(seal.of(0, out.slice(0, out.position())));
    return out.clear();
  }

  /** Reads it; empty if it is damaged or none. */
  public static Optional<PackHeader> decode(ByteBuffer bytes, PackSeal seal) {
    ByteBuffer in = bytes.slice();
    if (in.remaining() < BYTES || in.getLong() != MAGIC) {
      return Optional.empty();
    }
    if (in.getInt(BYTES - Layout.CRC_BYTES) != seal.of(0, in.slice(0, BYTES - Layout.CRC_BYTES))) {
      return Optional.empty();
    }
    in.getShort();
    PackHeader header =
        new PackHeader(
            Short.toUnsignedInt(in.getShort()),
            in.getInt(),
            new UUID(in.getLong(), in.getLong()),
            in.getLong(),
            in.getLong());
    return Superblock.validUnit(header.unit) && header.pack == seal.pack()
        ? Optional.of(header)
        : Optional.empty();
  }
}
