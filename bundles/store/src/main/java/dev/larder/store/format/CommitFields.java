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

  /** Length of a commit record's header. */
  public static final int HEADER_BYTES = Layout.COMMON_HEADER_BYTES + BYTES + Layout.CRC_BYTES;

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
