package dev.larder.itest.fuzz;

import dev.larder.api.Digest;
import dev.larder.store.Stamp;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import dev.larder.store.format.StoredBlock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** A pack in the making whose checksums are right, whatever else it says. */
final class LyingPack {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PackSeal seal;
  private final int number;
  private final int unit;
  private final List<NumberedFormat> formats = new ArrayList<>();
  private final List<Footer.IndexedBlock> blocks = new ArrayList<>();
  private final List<CommitRecord> commits = new ArrayList<>();

  LyingPack(long secret, int number, int unit, UUID volume, long epoch) {
    this.seal = new PackSeal(secret, number);
    this.number = number;
    this.unit = unit;
    put(new PackHeader(1, unit, volume, number, epoch, List.of()).encode(seal));
  }

  int number() {
    return number;
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  List<NumberedFormat> formats() {
    return formats;
  }

  private void put(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    out.writeBytes(copy);
  }

  void garbage(byte[] bytes) {
    out.writeBytes(bytes);
  }

  void pad() {
    out.writeBytes(new byte[(int) (Layout.roundUp(size(), unit) - size())]);
  }

  /** A record; {@code extra} bytes stand behind the fields that are known. */
  private int record(
      int type, int flags, int count, ByteBuffer fields, int extra, byte[] payload, int crc) {
    int at = size();
    int header = Layout.COMMON_HEADER_BYTES + fields.remaining() + extra + Layout.CRC_BYTES;
    ByteBuffer head = ByteBuffer.allocate(header);
    new RecordHeader(type, flags, count, header, payload.length, crc).put(head);
    head.put(fields.duplicate());
    RecordHeader.seal(head, 0, header, seal, at);
    put(head.clear());
    out.writeBytes(payload);
    return at;
  }

  void plain(int type, int flags, byte[] payload, int extra) {
    int crc = Checksum.of(ByteBuffer.wrap(payload));
    record(type, flags, 0, ByteBuffer.allocate(0), extra, payload, crc);
  }

  void format(NumberedFormat format, ByteBuffer payload) {
    formats.add(format);
    plain(RecordHeader.FORMAT, 0, payload.array(), 0);
  }

  /** A run; the forms say what they like of the payload. */
  void run(List<Digest> hashes, List<StoredBlock> forms, byte[] payload, int count) {
    ByteBuffer table = ByteBuffer.allocate(hashes.size() * Layout.RUN_ENTRY_BYTES);
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).write(table);
      forms.get(i).put(table);
    }
    int at = record(RecordHeader.RUN, 0, count, table.flip(), 0, payload, 0);
    int offset = at + Layout.COMMON_HEADER_BYTES + table.limit() + Layout.CRC_BYTES;
    for (int i = 0; i < hashes.size(); i++) {
      blocks.add(new Footer.IndexedBlock(hashes.get(i), offset, forms.get(i)));
      offset += forms.get(i).stored();
    }
  }

  /** A commit record. */
  void commit(
      int type,
      int flags,
      CommitFields fields,
      int extra,
      ByteBuffer payload,
      Function<Place, CommitRecord> record) {
    ByteBuffer head = ByteBuffer.allocate(CommitFields.BYTES);
    fields.put(head);
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    int crc = Checksum.of(payload);
    int at = record(type, flags, 0, head.flip(), extra, bytes, crc);
    commits.add(record.apply(new Place(number, at, size() - at)));
  }

  /** Ends it with a footer; the lies are told block by block and record by record. */
  void footer(
      Function<Footer.IndexedBlock, Footer.IndexedBlock> aboutBlocks,
      Function<Place, Place> aboutPlaces) {
    pad();
    List<Footer.IndexedBlock> told = blocks.stream().map(aboutBlocks).toList();
    List<CommitRecord> records =
        commits.stream().map(commit -> commit.at(aboutPlaces.apply(commit.place()))).toList();
    put(Footer.encode(formats, told, records, seal, size()));
  }

  /** A stamp of some gateway. */
  static Stamp stamp(long lamport, UUID gateway, long sequence) {
    return new Stamp(lamport, gateway, sequence, 0);
  }
}
