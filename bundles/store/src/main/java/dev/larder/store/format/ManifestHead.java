package dev.larder.store.format;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.store.ArtifactEntry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a manifest's payload begins with; {@code blocks} entries of {@link
 * Layout#MANIFEST_BLOCK_BYTES} follow.
 *
 * @param digest of the content
 * @param size of the content
 * @param kind what it is
 * @param blocks how many
 * @param storedBytes encoded bytes of the blocks
 * @param chunker what cut it
 * @param parameters of the cutter
 */
public record ManifestHead(
    Digest digest,
    long size,
    ArtifactKind kind,
    int blocks,
    long storedBytes,
    FormatId chunker,
    String parameters) {

  /** No head is longer. */
  public static final int MAX_BYTES = 1024;

  private static final int SUMMARY_BYTES = Digest.LENGTH + 8 + 1 + 4 + 8;

  /** What the volume keeps in memory. */
  public ArtifactEntry entry(long sequence) {
    return new ArtifactEntry(digest, size, kind, blocks, storedBytes, sequence);
  }

  /** Its bytes: a length, the fields. */
  public ByteBuffer encode() {
    byte[] name = chunker.name().getBytes(StandardCharsets.US_ASCII);
    byte[] cutter = parameters.getBytes(StandardCharsets.US_ASCII);
    int length = SUMMARY_BYTES + 2 + 1 + name.length + 2 + cutter.length;
    ByteBuffer out = ByteBuffer.allocate(2 + length);
    out.putShort((short) length);
    putSummary(entry(0), out);
    out.putShort((short) chunker.version()).put((byte) name.length).put(name);
    out.putShort((short) cutter.length).put(cutter);
    return out.flip();
  }

  /** Reads it at the buffer's position, which moves to the first entry. */
  public static Optional<ManifestHead> decode(ByteBuffer in) {
    try {
      int length = Short.toUnsignedInt(in.getShort());
      if (length > MAX_BYTES || length > in.remaining()) {
        return Optional.empty();
      }
      ByteBuffer fields = in.slice(in.position(), length);
      in.position(in.position() + length);
      Optional<ArtifactEntry> summary = readSummary(fields, 0);
      int version = Short.toUnsignedInt(fields.getShort());
      String name = text(fields, Byte.toUnsignedInt(fields.get()));
      String parameters = text(fields, Short.toUnsignedInt(fields.getShort()));
      FormatId chunker = new FormatId(name, version);
      return summary.map(
          s ->
              new ManifestHead(
                  s.digest(),
                  s.size(),
                  s.kind(),
                  s.blocks(),
                  s.storedBytes(),
                  chunker,
                  parameters));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty(); // a valid checksum over nonsense: not written by Larder
    }
  }

  private static String text(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** Writes the fields that a footer has, too. */
  static void putSummary(ArtifactEntry entry, ByteBuffer out) {
    entry.digest().write(out);
    out.putLong(entry.size()).put((byte) entry.kind().ordinal());
    out.putInt(entry.blocks()).putLong(entry.storedBytes());
  }

  /** Reads the fields that a footer has, too. */
  static Optional<ArtifactEntry> readSummary(ByteBuffer in, long sequence) {
    Digest digest = Digest.read(in);
    long size = in.getLong();
    int kind = in.get();
    int blocks = in.getInt();
    long stored = in.getLong();
    ArtifactKind[] kinds = ArtifactKind.values();
    boolean plausible =
        kind >= 0
            && kind < kinds.length
            && blocks >= 0
            && blocks <= Layout.MAX_ARTIFACT_BLOCKS
            && size >= blocks
            && size <= (long) blocks * Layout.MAX_BLOCK
            && stored >= 0
            && stored <= size;
    return plausible
        ? Optional.of(new ArtifactEntry(digest, size, kinds[kind], blocks, stored, sequence))
        : Optional.empty();
  }
}
