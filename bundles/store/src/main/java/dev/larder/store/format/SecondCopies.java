package dev.larder.store.format;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of second copies: what changes of references and drops say that lie before it in the
 * pack. Its own header fields are {@code forced u32, records u32, plain length u32}; the payload is
 * the list of the records, deflated.
 */
public final class SecondCopies {

  /** A record holds no more than so many, which fit a small payload. */
  public static final int MOST_RECORDS = 128;

  private static final int HEADER_BYTES = Layout.COMMON_HEADER_BYTES + 12 + Layout.CRC_BYTES;

  private SecondCopies() {}

  /**
   * Writes a record.
   *
   * @param records at most {@link #MOST_RECORDS}
   * @param forced bytes of the pack that were forced before
   * @param at where in the pack it begins
   */
  public static ByteBuffer encode(List<CommitRecord> records, int forced, PackSeal seal, long at) {
    ByteBuffer plain = CommitList.encode(records);
    ByteBuffer payload = Deflated.of(plain);
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + payload.remaining());
    new RecordHeader(
            RecordHeader.COPIES, 0, 0, HEADER_BYTES, payload.remaining(), Checksum.of(payload))
        .put(out);
    out.putInt(forced).putInt(records.size()).putInt(plain.remaining());
    RecordHeader.seal(out, 0, HEADER_BYTES, seal, at);
    out.position(HEADER_BYTES);
    return out.put(payload).flip();
  }

  /** How far the pack was forced when the record was appended; 0 if it does not say. */
  public static int forced(RecordHeader header, ByteBuffer record) {
    return header.headerBytes() < HEADER_BYTES
        ? 0
        : record.getInt(record.position() + Layout.COMMON_HEADER_BYTES);
  }

  /**
   * Reads a record.
   *
   * @param record the whole header, from its first byte on
   * @param payload whose checksum is right
   * @param place of the record; those that it tells of are said to lie there
   * @return null if it cannot have been written by Larder
   */
  public static @Nullable List<CommitRecord> decode(
      RecordHeader header, ByteBuffer record, ByteBuffer payload, Place place) {
    if (header.headerBytes() < HEADER_BYTES) {
      return null;
    }
    int fields = record.position() + Layout.COMMON_HEADER_BYTES;
    int count = record.getInt(fields + 4);
    int length = record.getInt(fields + 8);
    if (count < 0 || length < 0 || length > Layout.MAX_SMALL_PAYLOAD) {
      return null;
    }
    ByteBuffer plain = Deflated.inflate(payload, length);
    List<CommitRecord> records =
        plain == null ? null : CommitList.decode(plain, count, place.pack(), place.offset());
    return records == null ? null : records.stream().map(r -> r.at(place)).toList();
  }
}
