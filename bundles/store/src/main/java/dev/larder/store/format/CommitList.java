package dev.larder.store.format;

import dev.larder.api.Digest;
import dev.larder.store.ReferenceChange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commit records one behind the other, without the blocks of manifests: {@code type u8, flags u8,
 * length u16, offset u32, record length u32}, commit fields, the payload.
 */
final class CommitList {

  private static final int HEAD_BYTES = 12 + CommitFields.BYTES;

  private CommitList() {}

  static ByteBuffer encode(List<CommitRecord> records) {
    List<ByteBuffer> all = new ArrayList<>();
    records.forEach(record -> all.add(encode(record)));
    ByteBuffer out = ByteBuffer.allocate(all.stream().mapToInt(ByteBuffer::remaining).sum());
    all.forEach(out::put);
    return out.flip();
  }

  private static ByteBuffer encode(CommitRecord record) {
    ByteBuffer body = body(record);
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + body.remaining());
    out.put((byte) record.type()).put((byte) 0).putShort((short) body.remaining());
    out.putInt(record.place().offset()).putInt(record.place().length());
    new CommitFields(record.sequence(), record.stamp()).put(out);
    return out.put(body).flip();
  }

  private static ByteBuffer body(CommitRecord record) {
    if (record instanceof CommitRecord.Added added) {
      ByteBuffer out = ByteBuffer.allocate(64);
      ManifestHead.putSummary(added.artifact(), out);
      return out.flip();
    }
    if (record instanceof CommitRecord.Pointed pointed) {
      return SmallPayloads.reference(pointed.change());
    }
    return SmallPayloads.drop(((CommitRecord.Dropped) record).digest());
  }

  /**
   * Reads records.
   *
   * @param pack that they lie in
   * @param end none of them reaches behind this place
   * @return null if they cannot be what was written
   */
  static @Nullable List<CommitRecord> decode(ByteBuffer in, int count, int pack, long end) {
    List<CommitRecord> records = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Optional<? extends CommitRecord> record = next(in, pack, end);
        if (record.isEmpty()) {
          return null;
        }
        records.add(record.get());
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return null; // counts that do not fit: not written by Larder
    }
    return records;
  }

  private static Optional<? extends CommitRecord> next(ByteBuffer in, int pack, long end) {
    int type = in.get();
    in.get();
    int length = Short.toUnsignedInt(in.getShort());
    Place place = new Place(pack, in.getInt(), in.getInt());
    CommitFields fields = CommitFields.read(in);
    boolean inPack =
        place.offset() > 0 && place.length() > 0 && (long) place.offset() + place.length() <= end;
    if (length > in.remaining() || !inPack || !fields.plausible()) {
      return Optional.empty();
    }
    ByteBuffer body = in.slice(in.position(), length);
    in.position(in.position() + length);
    return decode(type, body, fields, place);
  }

  private static Optional<? extends CommitRecord> decode(
      int type, ByteBuffer body, CommitFields fields, Place place) {
    return switch (type) {
      case RecordHeader.MANIFEST ->
          ManifestHead.readSummary(body, fields.sequence())
              .map(entry -> new CommitRecord.Added(entry, fields.stamp(), place));
      case RecordHeader.REFERENCE -> {
        Optional<ReferenceChange> change = SmallPayloads.reference(body, fields.stamp());
        yield change.map(c -> new CommitRecord.Pointed(fields.sequence(), c, place));
      }
      case RecordHeader.DROP -> {
        Optional<Digest> digest = SmallPayloads.drop(body);
        yield digest.map(
            d -> new CommitRecord.Dropped(fields.sequence(), d, fields.stamp(), place));
      }
      default -> Optional.empty();
    };
  }
}
