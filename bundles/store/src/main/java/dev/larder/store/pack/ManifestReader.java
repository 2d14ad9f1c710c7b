package dev.larder.store.pack;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads manifests from packs. Thread-safe. */
public final class ManifestReader {

  private static final int WINDOW_BYTES = 36 << 10;

  private final PackFiles files;
  private final long secret;

  /** Reads the manifests of a volume. */
  public ManifestReader(PackFiles files, long secret) {
    this.files = files;
    this.secret = secret;
  }

  /** Takes the blocks of a manifest, in order. */
  public interface Blocks {
    /** Takes a block. */
    void block(Digest hash, int length);
  }

  /**
   * Reads a manifest, and checks it before its blocks are handed over.
   *
   * @return empty if it is damaged
   * @throws PackGoneException if it was moved meanwhile
   */
  public Optional<ManifestHead> read(CommitRecord.Added added, Blocks blocks) throws IOException {
    Place place = added.place();
    try (PackFiles.Lease lease = files.lease(place.pack())) {
      return read(input(lease, place), place, added.artifact(), blocks);
    }
  }

  /**
   * The payload of a manifest, to be written again at another place.
   *
   * @return empty if it is damaged
   */
  public Optional<CommitDraft.Payload> copy(CommitRecord.Added added) throws IOException {
    Place place = added.place();
    if (read(added, (hash, length) -> {}).isEmpty()) {
      return Optional.empty();
    }
    try (PackFiles.Lease lease = files.lease(place.pack())) {
      PackInput in = input(lease, place);
      ByteBuffer start = header(in, place);
      PackSeal seal = new PackSeal(secret, place.pack());
      RecordHeader header = RecordHeader.read(start, seal, place.offset(), place.length());
      return header == null ? Optional.empty() : Optional.of(new Copy(place, header));
    }
  }

  private static ByteBuffer header(PackInput in, Place place) throws IOException {
    // A later version may have written more fields than we know of.
    return in.at(place.offset(), Math.min(place.length(), Layout.MAX_HEADER));
  }

  private PackInput input(PackFiles.Lease lease, Place place) {
    ByteBuffer window = ByteBuffer.allocate(Math.min(place.length(), WINDOW_BYTES));
    return new PackInput(lease.source(), (long) place.offset() + place.length(), window);
  }

  private final class Copy implements CommitDraft.Payload {
    private final Place place;
    private final RecordHeader header;

    Copy(Place place, RecordHeader header) {
      this.place = place;
      this.header = header;
    }

    @Override
    public int bytes() {
      return header.payloadBytes();
    }

    @Override
    public int crc() {
      return header.payloadCrc();
    }

    @Override
    public void writeTo(CommitDraft.Output out) throws IOException {
      try (PackFiles.Lease lease = files.lease(place.pack())) {
        PackInput in = input(lease, place);
        long at = (long) place.offset() + header.headerBytes();
        long end = at + header.payloadBytes();
        while (at < end) {
          ByteBuffer part = in.at(at, (int) Math.min(end - at, WINDOW_BYTES / 2));
          if (!part.hasRemaining()) {
            throw new LarderException(
                ErrorCode.CORRUPT, "pack " + place.pack() + " ends in a manifest", "");
          }
          at += part.remaining();
          out.put(part);
        }
      }
    }
  }

  private Optional<ManifestHead> read(
      PackInput in, Place place, ArtifactEntry expected, Blocks blocks) throws IOException {
    ByteBuffer start = header(in, place);
    PackSeal seal = new PackSeal(secret, place.pack());
    RecordHeader header = RecordHeader.read(start, seal, place.offset(), place.length());
    if (header == null
        || header.type() != RecordHeader.MANIFEST
        || header.bytes() != place.length()) {
      return Optional.empty();
    }
    long payload = (long) place.offset() + header.headerBytes();
    if (in.crc(payload, header.payloadBytes()) != header.payloadCrc()) {
      return Optional.empty();
    }
    ByteBuffer first = in.at(payload, Math.min(header.payloadBytes(), ManifestHead.MAX_BYTES + 2));
    Optional<ManifestHead> head = ManifestHead.decode(first);
    boolean fits =
        head.isPresent()
            && head.get().entry(expected.sequence()).equals(expected)
            && first.position() + (long) head.get().blocks() * Layout.MANIFEST_BLOCK_BYTES
                <= header.payloadBytes();
    if (!fits) {
      return Optional.empty();
    }
    return entries(in, payload + first.position(), head.get(), blocks) ? head : Optional.empty();
  }

  private static boolean entries(PackInput in, long at, ManifestHead head, Blocks blocks)
      throws IOException {
    long total = 0;
    for (int i = 0; i < head.blocks(); i++) {
      long entryAt = at + (long) i * Layout.MANIFEST_BLOCK_BYTES;
      ByteBuffer entry = in.at(entryAt, Layout.MANIFEST_BLOCK_BYTES);
      if (entry.remaining() < Layout.MANIFEST_BLOCK_BYTES) {
        return false;
      }
      Digest hash = Digest.read(entry);
      int length = entry.getInt();
      if (length < 1 || length > Layout.MAX_BLOCK) {
        return false;
      }
      total += length;
      blocks.block(hash, length);
    }
    return total == head.size();
  }
}
