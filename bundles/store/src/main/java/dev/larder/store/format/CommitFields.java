package dev.larder.store.format;

import dev.larder.store.Stamp;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What each commit record's header has beside the common fields.
 *
 * @param sequence number on this volume
 * @param stamp when
 */
public record CommitFields(long sequence, Stamp stamp) {

  /** Length of the fields. */
  public static final int BYTES = 48;

  /** Length of a commit record's header in version 1: the fields and nothing else. */
  public static final int LEAST_HEADER_BYTES =
      Layout.COMMON_HEADER_BYTES + BYTES + Layout.CRC_BYTES;

  /** Length of a commit record's header: the fields, then how far the pack was forced. */
  public static final int HEADER_BYTES = LEAST_HEADER_BYTES + Integer.BYTES;

  private static final int FORCED_AT = Layout.COMMON_HEADER_BYTES + BYTES;

  /**
   * Writes the header of a commit record, without its checksum, at the buffer's position.
   *
   * @param forced bytes of the pack that were forced before the record was appended
   */
  public void putHeader(RecordHeader header, int forced, ByteBuffer out) {
    header.put(out);
    put(out);
    out.putInt(forced);
  }

  /**
   * Reads how far the pack was forced when a record was appended.
   *
   * @param record the whole header of the record, from its first byte on
   * @return 0 if it does not say
   */
  public static int forced(RecordHeader header, ByteBuffer record) {
    return header.headerBytes() < HEADER_BYTES ? 0 : record.getInt(record.position() + FORCED_AT);
  }

  /** Writes them at the buffer's position. */
  public void put(ByteBuffer out) {
    out.putLong(sequence).putLong(stamp.lamport()).putLong(stamp.sequence());
    out.putLong(stamp.wallMillis());
    UUID gateway = stamp.gateway();
    out.putLong(gateway.getMostSignificantBits()).putLong(gateway.getLeastSignificantBits());
  }

  /** Reads them at the buffer's position. */
  public static CommitFields read(ByteBuffer in) {
    long sequence = in.getLong();
    long lamport = in.getLong();
    long gatewaySequence = in.getLong();
    long wallMillis = in.getLong();
    UUID gateway = new UUID(in.getLong(), in.getLong());
    return new CommitFields(sequence, new Stamp(lamport, gateway, gatewaySequence, wallMillis));
  }

  /** Whether they can be true. */
  public boolean plausible() {
    return sequence > 0
        && sequence < Layout.COUNTER_LIMIT
        && stamp.lamport() > 0
        && stamp.lamport() < Layout.COUNTER_LIMIT
        && stamp.sequence() > 0
        && stamp.sequence() < Layout.COUNTER_LIMIT;
  }
}
