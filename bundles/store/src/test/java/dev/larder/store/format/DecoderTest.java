package dev.larder.store.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.spi.media.Measurement;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Measured;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What was encoded is decoded; what is anything else is refused without harm. */
class DecoderTest {

  private static final UUID VOLUME = new UUID(5, 6);
  private static final Digest DIGEST = new Digest(1, 2, 3, 4);
  private static final SuperblockFields FIELDS =
      new SuperblockFields(
          9,
          List.of(3, 4),
          12,
          Optional.of(
              new Measured(
                  new UUID(1, 2),
                  "SD UHS-Ï",
                  new Measurement(612.5, 93_000_000, 31_000_000, 2100, 8_250, 2, 1 << 18))),
          List.of(new SuperblockFields.Unknown(77, ByteBuffer.wrap(new byte[] {1, 2, 3}))));
  private static final Stamp STAMP = new Stamp(7, new UUID(8, 9), 10, 11);
  private final PackSeal seal = new PackSeal(99, 3);

  private static Superblock superblock() {
    return new Superblock(3, VOLUME, 2, new UUID(7, 8), 512, 1 << 20, 77, 1000, 4, 5, 6, 7, FIELDS);
  }

  @Test
  void superblockRoundTrip() throws LarderException {
    assertThat(Superblock.decode(superblock().encode())).contains(superblock());
  }

  /** An extent that is no power of two, as a damaged or hostile volume may have it. */
  @Test
  void aMeasurementThatCannotBeTrueIsPassedOver() throws LarderException {
    Superblock good = superblock();
    ByteBuffer bytes = good.encode();
    int extent = 128; // where the fields begin
    while (bytes.getInt(extent) != 1 << 18) {
      extent++;
    }
    bytes.putInt(extent, (1 << 18) + 1);
    bytes.putInt(
        Layout.SUPERBLOCK_BYTES - Layout.CRC_BYTES,
        Checksum.of(bytes, 0, Layout.SUPERBLOCK_BYTES - Layout.CRC_BYTES));
    assertThat(Superblock.decode(bytes)).contains(good.with(FIELDS.withMeasured(Optional.empty())));
  }

  @Test
  void packHeaderRoundTrip() {
    List<SmallPayloads.NumberedFormat> formats =
        List.of(new SmallPayloads.NumberedFormat(1, new FormatId("a.b", 2)));
    PackHeader header = new PackHeader(1, 512, VOLUME, 3, 2, formats);
    assertThat(PackHeader.decode(header.encode(seal), seal)).contains(header);
    assertThat(PackHeader.decode(header.encode(seal), new PackSeal(99, 4))).isEmpty();
    assertThat(PackHeader.decode(header.encode(seal), new PackSeal(98, 3))).isEmpty();
    assertThat(PackHeader.isForeign(header.encode(seal), VOLUME)).isFalse();
    assertThat(PackHeader.isForeign(header.encode(seal), new UUID(-1, -1))).isTrue();
  }

  @Test
  void aHeaderNamesOnlyTheCodecsThatFit() {
    List<SmallPayloads.NumberedFormat> many = new ArrayList<>();
    for (int i = 1; i <= 255; i++) {
      many.add(new SmallPayloads.NumberedFormat(i, new FormatId("dev.larder.codec.c" + i, 1)));
    }
    PackHeader header = new PackHeader(1, 512, VOLUME, 3, 2, PackHeader.fitting(many));
    assertThat(header.formats()).hasSizeBetween(10, 30);
    assertThat(PackHeader.decode(header.encode(seal), seal)).contains(header);
  }

  private ByteBuffer footer() {
    StoredBlock form = new StoredBlock(4096, 100, 1, 0, 1234);
    Place place = new Place(3, 5000, 200);
    ArtifactEntry entry = new ArtifactEntry(DIGEST, 4096, ArtifactKind.MODEL, 1, 100, 12);
    ReferenceChange change =
        new ReferenceChange(Reference.parse("a/b:c"), Optional.of(DIGEST), STAMP, 3);
    return Footer.encode(
        List.of(new SmallPayloads.NumberedFormat(1, new FormatId("a.b", 2))),
        List.of(new Footer.IndexedBlock(DIGEST, 600, form)),
        List.of(
            new CommitRecord.Added(entry, STAMP, place),
            new CommitRecord.Pointed(13, change, place),
            new CommitRecord.Dropped(14, DIGEST, STAMP, place)),
        seal,
        8192);
  }

  @Test
  void footerRoundTrip() {
    Footer.Contents contents = decodeFooter(footer());
    assertThat(contents).isNotNull();
    assertThat(contents.blockCount()).isEqualTo(1);
    assertThat(contents.block(0).hash()).isEqualTo(DIGEST);
    assertThat(contents.block(0).form().stored()).isEqualTo(100);
    assertThat(contents.commits()).hasSize(3);
    assertThat(contents.commits().get(1).sequence()).isEqualTo(13);
    assertThat(contents.commits().get(1).stamp()).isEqualTo(STAMP);
  }

  private Footer.Contents decodeFooter(ByteBuffer bytes) {
    int end = bytes.limit();
    ByteBuffer trailer = bytes.slice(end - Footer.TRAILER_BYTES, Footer.TRAILER_BYTES);
    Footer.Position position = Footer.position(trailer, seal, 8192 + end);
    return position == null
        ? null
        : Footer.decode(bytes.slice(0, position.length()), seal, position, 3);
  }

  @Test
  void aChangedFooterIsRefused() {
    ByteBuffer good = footer();
    for (int at = 0; at < good.limit(); at++) {
      ByteBuffer bad = ByteBuffer.allocate(good.limit()).put(good.duplicate()).flip();
      bad.put(at, (byte) (bad.get(at) ^ 0x10));
      assertThat(decodeFooter(bad)).as("byte " + at).isNull();
    }
  }

  @Test
  void footersOfOlderVersionsHoldTheirCommitsPlain() {
    ByteBuffer plain = CommitList.encode(decodeFooter(footer()).commits());
    int header = Layout.COMMON_HEADER_BYTES + 12 + Layout.CRC_BYTES;
    ByteBuffer old = ByteBuffer.allocate(header + plain.remaining());
    new RecordHeader(RecordHeader.FOOTER, 0, 0, header, plain.remaining(), Checksum.of(plain))
        .put(old);
    old.putInt(0).putInt(0).putInt(3);
    RecordHeader.seal(old, 0, header, seal, 8192);
    old.position(header).put(plain.duplicate()).flip();
    Footer.Position position = new Footer.Position(8192, old.limit());
    assertThat(Footer.decode(old, seal, position, 3).commits())
        .isEqualTo(decodeFooter(footer()).commits());
  }

  @Test
  void secondCopiesRoundTripAndAnyOtherLengthIsRefused() {
    ReferenceChange change =
        new ReferenceChange(Reference.parse("a/b:c"), Optional.of(DIGEST), STAMP, 3);
    List<CommitRecord> records = new ArrayList<>();
    for (int i = 1; i <= SecondCopies.MOST_RECORDS; i++) {
      records.add(new CommitRecord.Pointed(i, change, new Place(3, 512 + i, 100)));
      records.add(new CommitRecord.Dropped(i, DIGEST, STAMP, new Place(3, 512 + i, 100)));
    }
    records = records.subList(0, SecondCopies.MOST_RECORDS);
    ByteBuffer bytes = SecondCopies.encode(records, 512, seal, 8192);
    Place place = new Place(3, 8192, bytes.remaining());
    RecordHeader header = RecordHeader.read(bytes, seal, 8192, bytes.remaining());
    ByteBuffer payload = bytes.slice(header.headerBytes(), header.payloadBytes());
    assertThat(SecondCopies.forced(header, bytes)).isEqualTo(512);
    assertThat(SecondCopies.decode(header, bytes, payload, place))
        .isEqualTo(records.stream().map(record -> record.at(place)).toList());
    int lengthAt = Layout.COMMON_HEADER_BYTES + 8;
    int length = bytes.getInt(lengthAt);
    for (int other : new int[] {length - 1, length + 1, 0, -1, 1 << 15, 1 << 30}) {
      bytes.putInt(lengthAt, other);
      assertThat(SecondCopies.decode(header, bytes, payload, place)).as("length " + other).isNull();
    }
    bytes.putInt(lengthAt, length).putInt(lengthAt - 4, records.size() + 1);
    assertThat(SecondCopies.decode(header, bytes, payload, place)).isNull();
  }

  @Test
  void aFooterThatNamesTheSameBytesTwiceIsRefused() {
    StoredBlock form = new StoredBlock(4096, 100, 1, 0, 1234);
    for (int second : new int[] {500, 600, 699, 700}) {
      ByteBuffer bytes =
          Footer.encode(
              List.of(new SmallPayloads.NumberedFormat(1, new FormatId("a.b", 2))),
              List.of(
                  new Footer.IndexedBlock(DIGEST, 600, form),
                  new Footer.IndexedBlock(new Digest(4, 3, 2, 1), second, form)),
              List.of(),
              seal,
              8192);
      boolean apart = second == 700;
      assertThat(decodeFooter(bytes) != null).as("second at " + second).isEqualTo(apart);
    }
  }

  @Test
  void nonsenseIsRefusedByEveryDecoder() throws LarderException {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = 0;
      }
      ByteBuffer in = ByteBuffer.wrap(bytes);
      assertThat(Superblock.decode(in)).isEmpty();
      assertThat(PackHeader.decode(in, seal)).isEmpty();
      assertThat(RecordHeader.read(in, seal, 0, bytes.length)).isNull();
      assertThat(Footer.position(in, seal, bytes.length)).isNull();
      ManifestHead.decode(in.duplicate());
      SmallPayloads.reference(in, STAMP);
      SmallPayloads.format(in.duplicate());
      SmallPayloads.drop(in);
    }
  }

  @Test
  void referencesAndManifestHeadsRoundTrip() {
    ReferenceChange tombstone =
        new ReferenceChange(Reference.parse("x"), Optional.empty(), STAMP, 9);
    assertThat(SmallPayloads.reference(SmallPayloads.reference(tombstone), STAMP))
        .contains(tombstone);
    ManifestHead head =
        new ManifestHead(
            DIGEST, 70_000, ArtifactKind.PROTOCOL_DATA, 2, 60_000, new FormatId("c.d", 7), "p=1");
    assertThat(ManifestHead.decode(head.encode())).contains(head);
    for (int cut = 0; cut < head.encode().limit(); cut++) {
      assertThat(ManifestHead.decode(head.encode().slice(0, cut))).isEmpty();
    }
  }

  @Test
  void aLongerHeadOfALaterVersionIsUnderstood() {
    ManifestHead head =
        new ManifestHead(DIGEST, 0, ArtifactKind.MODEL, 0, 0, new FormatId("c.d", 7), "");
    ByteBuffer known = head.encode();
    ByteBuffer longer = ByteBuffer.allocate(known.limit() + 5).put(known).clear();
    longer.putShort(0, (short) (longer.getShort(0) + 5));
    assertThat(ManifestHead.decode(longer)).contains(head);
    assertThat(longer.remaining()).isZero();
  }
}
