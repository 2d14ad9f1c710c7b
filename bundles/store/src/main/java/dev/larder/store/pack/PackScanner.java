package dev.larder.store.pack;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SecondCopies;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pack record by record and checks each. Behind a damaged place it looks for the next whole
 * header byte by byte: headers carry a checksum that is seeded with their place, so nothing else is
 * taken for one.
 */
final class PackScanner {

  private final int number;
  private final PackInput in;
  private final PackSeal seal;
  private final int unit;
  private final BlockTable table;
  private final Formats formats;
  private final Map<Integer, Integer> codecs = new HashMap<>(Map.of(0, 0));
  private final List<SmallPayloads.NumberedFormat> ownFormats = new ArrayList<>();
  private final List<PackContents.FoundCommit> commits = new ArrayList<>();
  private final List<PackContents.Stretch> damaged = new ArrayList<>();
  private final List<PackContents.FoundCommit> spares = new ArrayList<>();
  private int blocks;
  private long forced;

  PackScanner(
      int number,
      PackInput in,
      PackSeal seal,
      int unit,
      List<SmallPayloads.NumberedFormat> known,
      BlockTable table,
      Formats formats) {
    this.number = number;
    this.in = in;
    this.seal = seal;
    this.unit = unit;
    this.table = table;
    this.formats = formats;
    known.forEach(this::know);
  }

  PackContents scan() throws IOException {
    long size = Math.min(in.size(), Layout.MAX_PACK_SIZE);
    long position = unit;
    long end = unit;
    long lostFrom = -1;
    while (position < size) {
      ByteBuffer bytes = in.at(position, Layout.MAX_HEADER);
      RecordHeader header = RecordHeader.read(bytes, seal, position, size - position);
      if (header != null) {
        found(lostFrom, position);
        lostFrom = -1;
        boolean whole = take(header, bytes, position);
        position += header.bytes();
        end = whole ? position : end;
      } else if (lostFrom < 0 && padding(bytes, position)) {
        position = Layout.roundUp(position + 1, unit);
      } else {
        lostFrom = lostFrom < 0 ? position : lostFrom;
        position = nextCandidate(bytes, position);
      }
    }
    found(lostFrom, size);
    damaged.removeIf(stretch -> stretch.from() >= forced);
    return new PackContents(
        number, in.size(), unit, false, end, blocks, commits, ownFormats, spares, forced, damaged);
  }

  /** The next record was found behind bytes that make no sense, if there are any. */
  private void found(long lostFrom, long position) {
    if (lostFrom >= 0) {
      damaged.add(new PackContents.Stretch(lostFrom, position));
    }
  }

  private void damaged(RecordHeader header, long position) {
    damaged.add(new PackContents.Stretch(position, position + header.bytes()));
  }

  /** Zeros up to the next unit, or to the end of the pack. */
  private boolean padding(ByteBuffer bytes, long position) {
    long next = Layout.roundUp(position + 1, unit);
    int length = (int) Math.min(next - position, bytes.remaining());
    for (int i = 0; i < length; i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static long nextCandidate(ByteBuffer bytes, long position) {
    int next = 1;
    while (next < bytes.remaining()) {
      int type = bytes.get(next);
      if (type >= RecordHeader.RUN && type <= RecordHeader.COPIES) {
        break;
      }
      next++;
    }
    return position + next;
  }

  private boolean take(RecordHeader header, ByteBuffer bytes, long position) throws IOException {
    return switch (header.type()) {
      case RecordHeader.RUN -> takeRun(header, bytes, position);
      case RecordHeader.FORMAT -> takeFormat(header, position);
      case RecordHeader.MANIFEST, RecordHeader.REFERENCE, RecordHeader.DROP ->
          takeCommit(header, bytes, position);
      case RecordHeader.COPIES -> takeCopies(header, bytes, position);
      case RecordHeader.FOOTER -> false; // torn, or it would have been used; written anew
      default -> {
        refuseIfNeeded(header);
        yield true;
      }
    };
  }

  private void refuseIfNeeded(RecordHeader header) throws LarderException {
    if ((header.flags() & RecordHeader.MUST_UNDERSTAND) != 0) {
      throw new LarderException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "pack " + number + " has a record of type " + header.type() + " that must be understood",
          "use a newer version of Larder");
    }
  }

  private boolean takeRun(RecordHeader header, ByteBuffer bytes, long position) throws IOException {
    int tableBytes = Run.headerBytes(header.count());
    if (tableBytes > header.headerBytes() || header.count() == 0) {
      return false;
    }
    ByteBuffer entries = ByteBuffer.allocate(header.count() * Layout.RUN_ENTRY_BYTES);
    entries.put(bytes.slice(Layout.COMMON_HEADER_BYTES, entries.capacity())).flip();
    long payload = position + header.headerBytes();
    long offset = payload;
    boolean some = false;
    boolean all = true;
    for (int i = 0; i < header.count(); i++) {
      Digest hash = Digest.read(entries);
      StoredBlock form = StoredBlock.read(entries);
      if (!form.plausible() || offset + form.stored() > payload + header.payloadBytes()) {
        damaged(header, position);
        return some;
      }
      boolean taken = takeBlock(hash, form, offset);
      some |= taken;
      all &= taken;
      offset += form.stored();
    }
    if (!all) {
      damaged(header, position);
    }
    return some; // what was entered must not be cut off
  }

  private boolean takeBlock(Digest hash, StoredBlock form, long offset) throws IOException {
    int codec = codecs.getOrDefault(form.codec(), -1);
    if (codec < 0 || in.crc(offset, form.stored()) != form.crc()) {
      return false;
    }
    table.put(hash, new BlockLocation(number, (int) offset, form.withCodec(codec)));
    blocks++;
    return true;
  }

  private boolean takeFormat(RecordHeader header, long position) throws IOException {
    ByteBuffer payload = smallPayload(header, position);
    Optional<SmallPayloads.NumberedFormat> format =
        payload == null ? Optional.empty() : SmallPayloads.format(payload);
    format.ifPresent(this::know);
    return format.isPresent();
  }

  private void know(SmallPayloads.NumberedFormat format) {
    if (codecs.putIfAbsent(format.number(), formats.number(format.format())) == null) {
      ownFormats.add(format);
    }
  }

  private @Nullable ByteBuffer smallPayload(RecordHeader header, long position) throws IOException {
    if (header.payloadBytes() > Layout.MAX_SMALL_PAYLOAD) {
      return null;
    }
    ByteBuffer payload = in.at(position + header.headerBytes(), header.payloadBytes());
    boolean whole =
        payload.remaining() == header.payloadBytes() && Checksum.of(payload) == header.payloadCrc();
    return whole ? payload : null;
  }

  private boolean takeCommit(RecordHeader header, ByteBuffer bytes, long position)
      throws IOException {
    if (header.headerBytes() < CommitFields.LEAST_HEADER_BYTES) {
      return false;
    }
    CommitFields fields =
        CommitFields.read(bytes.slice(Layout.COMMON_HEADER_BYTES, CommitFields.BYTES));
    if (!fields.plausible() || header.bytes() > Integer.MAX_VALUE) {
      return false;
    }
    forced = Math.max(forced, Math.min(position, CommitFields.forced(header, bytes)));
    Place place = new Place(number, (int) position, (int) header.bytes());
    Optional<? extends CommitRecord> record =
        header.type() == RecordHeader.MANIFEST
            ? manifest(header, fields, place)
            : small(header, fields, place);
    boolean spare = (header.flags() & RecordHeader.SPARE) != 0;
    record.ifPresent(
        r -> (spare ? spares : commits).add(new PackContents.FoundCommit(r, header.flags())));
    if (record.isEmpty()) {
      damaged(header, position);
    }
    return record.isPresent();
  }

  private boolean takeCopies(RecordHeader header, ByteBuffer bytes, long position)
      throws IOException {
    ByteBuffer fields = ByteBuffer.allocate(header.headerBytes());
    fields.put(bytes.slice(0, header.headerBytes())).flip();
    ByteBuffer payload = smallPayload(header, position);
    Place place = new Place(number, (int) position, (int) header.bytes());
    List<CommitRecord> copies =
        payload == null ? null : SecondCopies.decode(header, fields, payload, place);
    if (copies == null) {
      damaged(header, position);
      return false;
    }
    forced = Math.max(forced, Math.min(position, SecondCopies.forced(header, fields)));
    copies.forEach(copy -> spares.add(new PackContents.FoundCommit(copy, 0)));
    return true;
  }

  private Optional<CommitRecord.Added> manifest(
      RecordHeader header, CommitFields fields, Place place) throws IOException {
    long payload = (long) place.offset() + header.headerBytes();
    if (in.crc(payload, header.payloadBytes()) != header.payloadCrc()) {
      return Optional.empty();
    }
    ByteBuffer head = in.at(payload, Math.min(header.payloadBytes(), ManifestHead.MAX_BYTES + 2));
    return ManifestHead.decode(head)
        .map(h -> new CommitRecord.Added(h.entry(fields.sequence()), fields.stamp(), place));
  }

  private Optional<? extends CommitRecord> small(
      RecordHeader header, CommitFields fields, Place place) throws IOException {
    ByteBuffer payload = smallPayload(header, place.offset());
    if (payload == null) {
      return Optional.empty();
    }
    return header.type() == RecordHeader.REFERENCE
        ? SmallPayloads.reference(payload, fields.stamp())
            .map(change -> new CommitRecord.Pointed(fields.sequence(), change, place))
        : SmallPayloads.drop(payload)
            .map(
                digest ->
                    new CommitRecord.Dropped(fields.sequence(), digest, fields.stamp(), place));
  }
}
