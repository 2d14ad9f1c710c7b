package dev.larder.store.format;

import dev.larder.store.format.SmallPayloads.NumberedFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * @param formats codecs that the volume knew then, as many as fit; a format record repeats each
 *     before its first use
 */
public record PackHeader(
    int minimumReader, int unit, UUID volume, long pack, long epoch, List<NumberedFormat> formats) {

  /** No header is longer. */
  public static final int MOST_BYTES = Layout.MIN_UNIT;

  private static final long MAGIC = 0x4C41_5244_4552_504BL; // LARDERPK
  private static final int FIXED_BYTES = 52;
  private static final int VOLUME_AT = 16;

  /** Bits of the volume's UUID that damage may have changed. */
  private static final int MOST_FLIPPED = 16;

  /** As many formats as a header has room for. */
  public static List<NumberedFormat> fitting(List<NumberedFormat> formats) {
    List<NumberedFormat> fitting = new ArrayList<>();
    int room = MOST_BYTES - FIXED_BYTES - Layout.CRC_BYTES;
    for (NumberedFormat format : formats) {
      room -= SmallPayloads.format(format.number(), format.format()).remaining();
      if (room >= 0) {
        fitting.add(format);
      }
    }
    return fitting;
  }

  /** Its bytes, filled up to one unit. */
  public ByteBuffer encode(PackSeal seal) {
    ByteBuffer out = ByteBuffer.allocate(unit);
    out.putLong(MAGIC);
    out.putShort((short) Layout.FORMAT_VERSION).putShort((short) minimumReader);
    out.putInt(unit);
    out.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
    out.putLong(pack).putLong(epoch);
    out.position(FIXED_BYTES);
    formats.forEach(format -> out.put(SmallPayloads.format(format.number(), format.format())));
    int end = out.position();
    out.putShort(FIXED_BYTES - 4, (short) formats.size());
    out.putShort(FIXED_BYTES - 2, (short) (end - FIXED_BYTES));
    out.putInt(seal.of(0, out.slice(0, end)));
    return out.clear();
  }

  /** Reads it; empty if it is damaged or none. */
  public static Optional<PackHeader> decode(ByteBuffer bytes, PackSeal seal) {
    ByteBuffer in = bytes.slice();
    if (in.remaining() < FIXED_BYTES || in.getLong(0) != MAGIC) {
      return Optional.empty();
    }
    int end = FIXED_BYTES + Short.toUnsignedInt(in.getShort(FIXED_BYTES - 2));
    if (end + Layout.CRC_BYTES > Math.min(in.remaining(), MOST_BYTES)
        || in.getInt(end) != seal.of(0, in.slice(0, end))) {
      return Optional.empty();
    }
    int minimumReader = Short.toUnsignedInt(in.position(10).getShort());
    int unit = in.getInt();
    UUID volume = new UUID(in.getLong(), in.getLong());
    long pack = in.getLong();
    long epoch = in.getLong();
    if (!Superblock.validUnit(unit) || pack != seal.pack()) {
      return Optional.empty();
    }
    int count = Short.toUnsignedInt(in.getShort());
    in.position(FIXED_BYTES).limit(end);
    List<NumberedFormat> formats = new ArrayList<>();
    for (int i = 0; i < count && in.hasRemaining(); i++) {
      SmallPayloads.format(in).ifPresent(formats::add);
    }
    return Optional.of(new PackHeader(minimumReader, unit, volume, pack, epoch, formats));
  }

  /** Whether bytes are a header, damaged or not, that names quite another volume. */
  public static boolean isForeign(ByteBuffer bytes, UUID volume) {
    if (bytes.remaining() < FIXED_BYTES || bytes.getLong(bytes.position()) != MAGIC) {
      return false;
    }
    int at = bytes.position() + VOLUME_AT;
    int differing =
        Long.bitCount(bytes.getLong(at) ^ volume.getMostSignificantBits())
            + Long.bitCount(bytes.getLong(at + 8) ^ volume.getLeastSignificantBits());
    return differing > MOST_FLIPPED;
  }
}
