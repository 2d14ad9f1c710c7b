package dev.larder.store.format;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * What a volume is. Two copies are written in turn, each atomically.
 *
 * @param generation counts the writes; the copy with the higher one holds
 * @param volume name of the volume
 * @param epoch raised when another gateway writes
 * @param writer gateway that wrote last
 * @param unit bytes that the medium writes as one at the least
 * @param packTarget size at which a pack is sealed
 * @param secret seeds the checksums of headers
 * @param bytesWritten at the SPI since the volume was made
 * @param packFloor highest pack number ever used, as far as no pack shows it
 * @param sequenceFloor highest sequence number ever used, as far as no record shows it
 * @param lamportFloor highest Lamport counter ever seen on the volume
 * @param writerSequence highest gateway sequence of the writer seen on the volume
 * @param fields what else there is
 */
public record Superblock(
    long generation,
    UUID volume,
    long epoch,
    UUID writer,
    int unit,
    long packTarget,
    long secret,
    long bytesWritten,
    long packFloor,
    long sequenceFloor,
    long lamportFloor,
    long writerSequence,
    SuperblockFields fields) {

  private static final long MAGIC = 0x4C41_5244_4552_5342L; // LARDERSB
  private static final int FIELDS_AT = 128;
  private static final int CRC_AT = Layout.SUPERBLOCK_BYTES - Layout.CRC_BYTES;

  /** Its bytes. */
  public ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(Layout.SUPERBLOCK_BYTES);
    out.putLong(MAGIC);
    out.putShort((short) Layout.FORMAT_VERSION).putShort((short) Layout.MINIMUM_READER);
    out.putInt(0);
    out.putLong(generation);
    out.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
    out.putLong(epoch);
    out.putLong(writer.getMostSignificantBits()).putLong(writer.getLeastSignificantBits());
    out.putInt(unit).putInt(0);
    out.putLong(packTarget).putLong(secret).putLong(bytesWritten);
    out.putLong(packFloor).putLong(sequenceFloor).putLong(lamportFloor).putLong(writerSequence);
    fields.put(out.position(FIELDS_AT));
    out.putInt(CRC_AT, Checksum.of(out, 0, CRC_AT));
    return out.clear();
  }

  /** One without fields. */
  public Superblock(
      long generation,
      UUID volume,
      long epoch,
      UUID writer,
      int unit,
      long packTarget,
      long secret,
      long bytesWritten,
      long packFloor,
      long sequenceFloor,
      long lamportFloor,
      long writerSequence) {
    this(
        generation,
        volume,
        epoch,
        writer,
        unit,
        packTarget,
        secret,
        bytesWritten,
        packFloor,
        sequenceFloor,
        lamportFloor,
        writerSequence,
        SuperblockFields.NONE);
  }

  /** The same with other fields. */
  public Superblock with(SuperblockFields other) {
    return new Superblock(
        generation,
        volume,
        epoch,
        writer,
        unit,
        packTarget,
        secret,
        bytesWritten,
        packFloor,
        sequenceFloor,
        lamportFloor,
        writerSequence,
        other);
  }

  /** The same, as the write that follows this one. */
  public Superblock next() {
    return new Superblock(
        generation + 1,
        volume,
        epoch,
        writer,
        unit,
        packTarget,
        secret,
        bytesWritten,
        packFloor,
        sequenceFloor,
        lamportFloor,
        writerSequence,
        fields);
  }

  /**
   * Reads a copy.
   *
   * @return empty if it is damaged or no superblock at all
   * @throws LarderException {@code FORMAT_UNSUPPORTED} if it is whole but for newer readers
   */
  public static Optional<Superblock> decode(ByteBuffer copy) throws LarderException {
    ByteBuffer in = copy.slice();
    if (in.remaining() < Layout.SUPERBLOCK_BYTES || in.getLong() != MAGIC) {
      return Optional.empty();
    }
    if (in.getInt(CRC_AT) != Checksum.of(in, 0, CRC_AT)) {
      return Optional.empty();
    }
    in.getShort();
    int minimumReader = Short.toUnsignedInt(in.getShort());
    if (minimumReader > Layout.FORMAT_VERSION) {
      throw new LarderException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "the volume needs a reader of format version "
              + minimumReader
              + ", this one reads up to "
              + Layout.FORMAT_VERSION,
          "use a newer version of Larder");
    }
    in.getInt();
    long generation = in.getLong();
    UUID volume = new UUID(in.getLong(), in.getLong());
    long epoch = in.getLong();
    UUID writer = new UUID(in.getLong(), in.getLong());
    int unit = in.getInt();
    in.getInt();
    Superblock read =
        new Superblock(
            generation,
            volume,
            epoch,
            writer,
            unit,
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong());
    if (!read.plausible()) {
      return Optional.empty();
    }
    return SuperblockFields.read(in.position(FIELDS_AT).limit(CRC_AT)).map(read::with);
  }

  private boolean plausible() {
    return validUnit(unit)
        && packTarget >= Layout.MIN_PACK
        && packTarget <= Layout.MAX_PACK
        && generation > 0
        && epoch > 0
        && bytesWritten >= 0
        && packFloor >= 0
        && packFloor < Integer.MAX_VALUE
        && sequenceFloor >= 0
        && sequenceFloor < Layout.COUNTER_LIMIT
        && lamportFloor >= 0
        && lamportFloor < Layout.COUNTER_LIMIT
        && writerSequence >= 0
        && writerSequence < Layout.COUNTER_LIMIT;
  }

  /** Whether a value can be a unit. */
  static boolean validUnit(int unit) {
    return unit >= Layout.MIN_UNIT && unit <= Layout.MAX_UNIT && Integer.bitCount(unit) == 1;
  }
}
