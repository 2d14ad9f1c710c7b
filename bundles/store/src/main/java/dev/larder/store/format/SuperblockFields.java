package dev.larder.store.format;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.Measured;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a superblock has behind its fixed fields, since version 2: fields of {@code type u16, length
 * u16, value}, ended by type 0. One that is not known is kept and written again; if its type has
 * the highest bit set, it must be understood.
 *
 * @param scrubbed number of the last pack that a scrub under way has passed; 0 if none is
 * @param quarantined packs in which damage was found, oldest first; at most {@link
 *     #MOST_QUARANTINED}
 * @param reencoded sequence number up to which all artifacts were encoded anew, or tried; 0 if none
 *     was
 * @param measured what a probe of the medium has found
 * @param unknown fields of a later version
 */
public record SuperblockFields(
    long scrubbed,
    List<Integer> quarantined,
    long reencoded,
    Optional<Measured> measured,
    List<Unknown> unknown) {

  /** A field that this version does not know. */
  public record Unknown(int type, ByteBuffer value) {}

  /** No field. */
  public static final SuperblockFields NONE =
      new SuperblockFields(0, List.of(), 0, Optional.empty(), List.of());

  /** No more packs are kept aside. */
  public static final int MOST_QUARANTINED = 64;

  private static final int SCRUBBED = 1;
  private static final int QUARANTINED = 2;
  private static final int REENCODED = 3;
  private static final int MEASURED = 4;
  private static final int MUST_UNDERSTAND = 0x8000;

  /** Copies the lists. */
  public SuperblockFields {
    quarantined = List.copyOf(quarantined);
    unknown = List.copyOf(unknown);
  }

  /** The same with a scrub at another place. */
  public SuperblockFields withScrubbed(long pack) {
    return new SuperblockFields(pack, quarantined, reencoded, measured, unknown);
  }

  /** The same with other packs kept aside. */
  public SuperblockFields withQuarantined(List<Integer> packs) {
    return new SuperblockFields(scrubbed, packs, reencoded, measured, unknown);
  }

  /** The same with more artifacts encoded anew. */
  public SuperblockFields withReencoded(long sequence) {
    return new SuperblockFields(scrubbed, quarantined, sequence, measured, unknown);
  }

  /** The same with another measurement. */
  public SuperblockFields withMeasured(Optional<Measured> found) {
    return new SuperblockFields(scrubbed, quarantined, reencoded, found, unknown);
  }

  /** Writes them at the buffer's position; the buffer is zero behind it. */
  void put(ByteBuffer out) {
    if (scrubbed != 0) {
      out.putShort((short) SCRUBBED).putShort((short) Long.BYTES).putLong(scrubbed);
    }
    if (!quarantined.isEmpty()) {
      out.putShort((short) QUARANTINED);
      out.putShort((short) (quarantined.size() * Integer.BYTES));
      quarantined.forEach(out::putInt);
    }
    if (reencoded != 0) {
      out.putShort((short) REENCODED).putShort((short) Long.BYTES).putLong(reencoded);
    }
    measured.ifPresent(found -> put(out, MEASURED, MeasuredField.encode(found)));
    unknown.forEach(field -> put(out, field.type(), field.value().duplicate()));
  }

  private static void put(ByteBuffer out, int type, ByteBuffer value) {
    out.putShort((short) type).putShort((short) value.remaining()).put(value);
  }

  /**
   * Reads them from the buffer's position to its limit.
   *
   * @return empty if they cannot be true
   * @throws LarderException {@code FORMAT_UNSUPPORTED} if one must be understood and is not
   */
  static Optional<SuperblockFields> read(ByteBuffer in) throws LarderException {
    SuperblockFields fields = NONE;
    List<Unknown> unknown = new ArrayList<>();
    while (in.remaining() >= 2 * Short.BYTES) {
      int type = Short.toUnsignedInt(in.getShort());
      int length = Short.toUnsignedInt(in.getShort());
      if (type == 0) {
        break;
      }
      if (length > in.remaining()) {
        return Optional.empty();
      }
      ByteBuffer value = in.slice(in.position(), length);
      in.position(in.position() + length);
      if (type == SCRUBBED && length == Long.BYTES) {
        fields = fields.withScrubbed(Math.max(0, value.getLong()));
      } else if (type == QUARANTINED && length <= MOST_QUARANTINED * Integer.BYTES) {
        fields = fields.withQuarantined(packs(value));
      } else if (type == REENCODED && length == Long.BYTES) {
        fields = fields.withReencoded(Math.max(0, value.getLong()));
      } else if (type == MEASURED) {
        fields = fields.withMeasured(MeasuredField.decode(value));
      } else {
        requireOptional(type);
        unknown.add(new Unknown(type, value));
      }
    }
    return Optional.of(
        new SuperblockFields(
            fields.scrubbed(),
            fields.quarantined(),
            fields.reencoded(),
            fields.measured(),
            unknown));
  }

  private static List<Integer> packs(ByteBuffer value) {
    List<Integer> packs = new ArrayList<>();
    while (value.remaining() >= Integer.BYTES) {
      packs.add(value.getInt());
    }
    return packs;
  }

  private static void requireOptional(int type) throws LarderException {
    if ((type & MUST_UNDERSTAND) != 0) {
      throw new LarderException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "the superblock has a field of type " + type + " that must be understood",
          "use a newer version of Larder");
    }
  }
}
