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
 * Index of a sealed pack: its formats, its blocks and its commit records. Written as a record at a
 * fresh unit, followed by a trailer that is the end of the file.
 */
public final class Footer {

  /** Length of the trailer. */
  public static final int TRAILER_BYTES = 32;

  private static final long TRAILER_MAGIC = 0x4C41_5244_4552_4654L; // LARDERFT
  private static final int HEADER_BYTES = Layout.COMMON_HEADER_BYTES + 12 + Layout.CRC_BYTES;
  private static final int COMMIT_BYTES = 12 + CommitFields.BYTES;

  private Footer() {}

  /** A block of the pack; its codec's number is the pack's own. */
  public record IndexedBlock(Digest hash, int offset, StoredBlock form) {}

  /** What a footer says. */
  public record Contents(
      List<SmallPayloads.NumberedFormat> formats, ByteBuffer blocks, List<CommitRecord> commits) {

    /** How many blocks. */
    public int blockCount() {
      return blocks.remaining() / Layout.FOOTER_BLOCK_BYTES;
    }

    /** A block. */
    public IndexedBlock block(int index) {
      ByteBuffer in = blocks.slice(index * Layout.FOOTER_BLOCK_BYTES, Layout.FOOTER_BLOCK_BYTES);
      Digest hash = Digest.read(in);
      int offset = in.getInt();
      return new IndexedBlock(hash, offset, StoredBlock.read(in));
    }
  }

  /**
   * Writes footer and trailer.
   *
   * @param at where in the pack the footer begins
   */
  public static ByteBuffer encode(
      List<SmallPayloads.NumberedFormat> formats,
      List<IndexedBlock> blocks,
      List<CommitRecord> commits,
      PackSeal seal,
      long at) {
    List<ByteBuffer> formatBytes = new ArrayList<>();
    formats.forEach(f -> formatBytes.add(SmallPayloads.format(f.number(), f.format())));
    List<ByteBuffer> commitBytes = new ArrayList<>();
    commits.forEach(c -> commitBytes.add(encode(c)));
    int payload = sum(formatBytes) + blocks.size() * Layout.FOOTER_BLOCK_BYTES + sum(commitBytes);
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + payload + TRAILER_BYTES);
    out.position(HEADER_BYTES);
    formatBytes.forEach(out::put);
    for (IndexedBlock block : blocks) {
      block.hash().write(out);
      out.putInt(block.offset());
      block.form().put(out);
    }
    commitBytes.forEach(out::put);
    int crc = Checksum.of(out, HEADER_BYTES, payload);
    out.position(0);
    new RecordHeader(RecordHeader.FOOTER, 0, 0, HEADER_BYTES, payload, crc).put(out);
    out.putInt(formats.size()).putInt(blocks.size()).putInt(commits.size());
    RecordHeader.seal(out, 0, HEADER_BYTES, seal, at);
    out.position(HEADER_BYTES + payload);
    putTrailer(out, seal, at, HEADER_BYTES + payload);
    return out.flip();
  }

  private static int sum(List<ByteBuffer> parts) {
    return parts.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  private static ByteBuffer encode(CommitRecord record) {
    ByteBuffer body = body(record);
    ByteBuffer out = ByteBuffer.allocate(COMMIT_BYTES + body.remaining());
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

  private static void putTrailer(ByteBuffer out, PackSeal seal, long at, int length) {
    int start = out.position();
    out.putLong(TRAILER_MAGIC).putLong(at).putInt(length).putInt(0).putInt(0);
    out.putInt(seal.of(at + length, out.slice(start, TRAILER_BYTES - Layout.CRC_BYTES)));
  }

  /** Where a footer begins, as the trailer says. */
  public record Position(long at, int length) {}

  /**
   * Reads the trailer.
   *
   * @param end size of the pack
   * @return null if there is none
   */
  public static @Nullable Position position(ByteBuffer trailer, PackSeal seal, long end) {
    ByteBuffer in = trailer.slice();
    if (in.remaining() < TRAILER_BYTES || in.getLong() != TRAILER_MAGIC) {
      return null;
    }
    long at = in.getLong();
    int length = in.getInt();
    boolean fits =
        at > 0
            && length >= HEADER_BYTES
            && length <= Layout.MAX_FOOTER
            && at + length + TRAILER_BYTES == end;
    int crc = in.getInt(TRAILER_BYTES - Layout.CRC_BYTES);
    boolean whole =
        fits && crc == seal.of(at + length, in.slice(0, TRAILER_BYTES - Layout.CRC_BYTES));
    return whole ? new Position(at, length) : null;
  }

  /**
   * Reads a footer.
   *
   * @param bytes the footer without its trailer
   * @return null if it is damaged
   */
  public static @Nullable Contents decode(
      ByteBuffer bytes, PackSeal seal, Position position, int pack) {
    RecordHeader header = RecordHeader.read(bytes, seal, position.at(), position.length());
    if (header == null
        || header.type() != RecordHeader.FOOTER
        || header.headerBytes() < HEADER_BYTES
        || header.bytes() != position.length()) {
      return null;
    }
    int start = bytes.position();
    ByteBuffer payload = bytes.slice(start + header.headerBytes(), header.payloadBytes());
    if (Checksum.of(payload) != header.payloadCrc()) {
      return null;
    }
    int counts = start + Layout.COMMON_HEADER_BYTES;
    try {
      return read(
          payload,
          bytes.getInt(counts),
          bytes.getInt(counts + 4),
          bytes.getInt(counts + 8),
          new Bounds(pack, position.at()));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return null; // counts that do not fit: not written by Larder
    }
  }

  private record Bounds(int pack, long end) {
    boolean holds(long offset, long length) {
      return offset > 0 && length > 0 && offset + length <= end;
    }
  }

  private static @Nullable Contents read(
      ByteBuffer in, int formatCount, int blockCount, int commitCount, Bounds bounds) {
    if (formatCount < 0 || formatCount > 255 || blockCount < 0 || commitCount < 0) {
      return null;
    }
    List<SmallPayloads.NumberedFormat> formats = new ArrayList<>();
    for (int i = 0; i < formatCount; i++) {
      SmallPayloads.format(in).ifPresent(formats::add);
    }
    if (formats.size() != formatCount
        || (long) blockCount * Layout.FOOTER_BLOCK_BYTES > in.remaining()) {
      return null;
    }
    int blockBytes = blockCount * Layout.FOOTER_BLOCK_BYTES;
    ByteBuffer blocks = in.slice(in.position(), blockBytes);
    in.position(in.position() + blockBytes);
    List<CommitRecord> commits = new ArrayList<>();
    for (int i = 0; i < commitCount; i++) {
      Optional<CommitRecord> commit = commit(in, bounds);
      if (commit.isEmpty()) {
        return null;
      }
      commits.add(commit.get());
    }
    Contents contents = new Contents(formats, blocks, commits);
    return blocksPlausible(contents, bounds) ? contents : null;
  }

  /**
   * Blocks are listed in the order of their places and do not overlap: else a small pack could name
   * the same bytes again and again, and a collection would copy them as often.
   */
  private static boolean blocksPlausible(Contents contents, Bounds bounds) {
    long end = 0;
    for (int i = 0; i < contents.blockCount(); i++) {
      IndexedBlock block = contents.block(i);
      if (!block.form().plausible()
          || block.offset() < end
          || !bounds.holds(block.offset(), block.form().stored())) {
        return false;
      }
      end = (long) block.offset() + block.form().stored();
    }
    return true;
  }

  private static Optional<CommitRecord> commit(ByteBuffer in, Bounds bounds) {
    int type = in.get();
    in.get();
    int length = Short.toUnsignedInt(in.getShort());
    Place place = new Place(bounds.pack, in.getInt(), in.getInt());
    CommitFields fields = CommitFields.read(in);
    if (length > in.remaining()
        || !bounds.holds(place.offset(), place.length())
        || !fields.plausible()) {
      return Optional.empty();
    }
    ByteBuffer body = in.slice(in.position(), length);
    in.position(in.position() + length);
    return decode(type, body, fields, place);
  }

  private static Optional<CommitRecord> decode(
      int type, ByteBuffer body, CommitFields fields, Place place) {
    return switch (type) {
      case RecordHeader.MANIFEST ->
          ManifestHead.readSummary(body, fields.sequence())
              .map(entry -> new CommitRecord.Added(entry, fields.stamp(), place));
      case RecordHeader.REFERENCE -> {
        Optional<ReferenceChange> change = SmallPayloads.reference(body, fields.stamp());
        yield change.map(c -> new CommitRecord.Pointed(fields.sequence(), c, place));
      }
      case RecordHeader.DROP ->
          SmallPayloads.drop(body)
              .map(d -> new CommitRecord.Dropped(fields.sequence(), d, fields.stamp(), place));
      default -> Optional.empty();
    };
  }
}
