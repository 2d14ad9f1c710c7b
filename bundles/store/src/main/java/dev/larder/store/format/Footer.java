package dev.larder.store.format;

import dev.larder.api.Digest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Index of a sealed pack: its formats, its blocks and its commit records. Written as a record at a
 * fresh unit, followed by a trailer that is the end of the file.
 */
public final class Footer {

  /** Length of the trailer. */
  public static final int TRAILER_BYTES = 32;

  private static final long TRAILER_MAGIC = 0x4C41_5244_4552_4654L; // LARDERFT

  /** In versions 1 and 2, which do not deflate the commit records. */
  private static final int LEAST_HEADER_BYTES = Layout.COMMON_HEADER_BYTES + 12 + Layout.CRC_BYTES;

  /** Instead of a length: commit records that are not deflated. */
  private static final int PLAIN = -1;

  private static final int HEADER_BYTES = LEAST_HEADER_BYTES + Integer.BYTES;

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
    ByteBuffer commitBytes = CommitList.encode(commits);
    ByteBuffer deflated = Deflated.of(commitBytes);
    int payload =
        formatBytes.stream().mapToInt(ByteBuffer::remaining).sum()
            + blocks.size() * Layout.FOOTER_BLOCK_BYTES
            + deflated.remaining();
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + payload + TRAILER_BYTES);
    out.position(HEADER_BYTES);
    formatBytes.forEach(out::put);
    for (IndexedBlock block : blocks) {
      block.hash().write(out);
      out.putInt(block.offset());
      block.form().put(out);
    }
    out.put(deflated);
    int crc = Checksum.of(out, HEADER_BYTES, payload);
    out.position(0);
    new RecordHeader(RecordHeader.FOOTER, 0, 0, HEADER_BYTES, payload, crc).put(out);
    out.putInt(formats.size()).putInt(blocks.size()).putInt(commits.size());
    out.putInt(commitBytes.remaining());
    RecordHeader.seal(out, 0, HEADER_BYTES, seal, at);
    out.position(HEADER_BYTES + payload);
    putTrailer(out, seal, at, HEADER_BYTES + payload);
    return out.flip();
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
            && length >= LEAST_HEADER_BYTES
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
        || header.headerBytes() < LEAST_HEADER_BYTES
        || header.bytes() != position.length()) {
      return null;
    }
    int start = bytes.position();
    ByteBuffer payload = bytes.slice(start + header.headerBytes(), header.payloadBytes());
    if (Checksum.of(payload) != header.payloadCrc()) {
      return null;
    }
    int counts = start + Layout.COMMON_HEADER_BYTES;
    boolean deflates = header.headerBytes() >= HEADER_BYTES;
    Counts told =
        new Counts(
            bytes.getInt(counts),
            bytes.getInt(counts + 4),
            bytes.getInt(counts + 8),
            deflates ? bytes.getInt(counts + 12) : PLAIN);
    try {
      return told.plausible() ? read(payload, told, pack, position.at()) : null;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return null; // counts that do not fit: not written by Larder
    }
  }

  private record Counts(int formats, int blocks, int commits, int commitBytes) {
    boolean plausible() {
      return formats >= 0
          && formats <= 255
          && blocks >= 0
          && commits >= 0
          && commitBytes >= PLAIN
          && commitBytes <= Layout.MAX_FOOTER;
    }
  }

  private static @Nullable Contents read(ByteBuffer in, Counts counts, int pack, long end) {
    List<SmallPayloads.NumberedFormat> formats = new ArrayList<>();
    for (int i = 0; i < counts.formats(); i++) {
      SmallPayloads.format(in).ifPresent(formats::add);
    }
    long blockBytes = (long) counts.blocks() * Layout.FOOTER_BLOCK_BYTES;
    if (formats.size() != counts.formats() || blockBytes > in.remaining()) {
      return null;
    }
    ByteBuffer blocks = in.slice(in.position(), (int) blockBytes);
    in.position(in.position() + (int) blockBytes);
    ByteBuffer list =
        counts.commitBytes() == PLAIN ? in : Deflated.inflate(in, counts.commitBytes());
    List<CommitRecord> commits =
        list == null ? null : CommitList.decode(list, counts.commits(), pack, end);
    if (commits == null) {
      return null;
    }
    Contents contents = new Contents(formats, blocks, commits);
    return blocksPlausible(contents, end) ? contents : null;
  }

  /**
   * Blocks are listed in the order of their places and do not overlap: else a small pack could name
   * the same bytes again and again, and a collection would copy them as often.
   */
  private static boolean blocksPlausible(Contents contents, long packEnd) {
    long end = 1;
    for (int i = 0; i < contents.blockCount(); i++) {
      IndexedBlock block = contents.block(i);
      if (!block.form().plausible() || block.offset() < end) {
        return false;
      }
      end = (long) block.offset() + block.form().stored();
      if (end > packEnd) {
        return false;
      }
    }
    return true;
  }
}
