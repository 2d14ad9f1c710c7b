package dev.larder.itest.fuzz;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.Reference;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A volume that was made by somebody who knows the format and the secret, and lies: the input is a
 * list of records to write, with figures that are mostly right. What a mutation of bytes would take
 * long to find is one byte away here: blocks that overlap, deltas on deltas, manifests of what is
 * not there, counters at their ends, headers of later versions.
 */
final class LyingVolume implements Target {

  private static final long SECRET = 42;
  private static final UUID VOLUME = new UUID(3, 4);
  private static final UUID OWNER = new UUID(5, 6);
  private static final int MOST_RECORDS = 64;
  private static final int MOST_PACKS = 5;
  private static final int MOST_MANIFEST_BLOCKS = 64;

  private record Form(byte[] stored, int codec, int flags) {}

  /** For one input. */
  private static final class Writer {
    private final Bytes in;
    private final RealCodecs codecs = CODECS;
    private final HostileMedium medium;
    private final int unit;
    private final long epoch;
    private final List<Digest> hashes = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Digest> artifacts = new ArrayList<>();
    private LyingPack pack;
    private long sequence;

    Writer(Bytes in, HostileMedium medium, Superblock superblock) {
      this.in = in;
      this.medium = medium;
      this.unit = Layout.MIN_UNIT << in.below(3);
      this.epoch = superblock.epoch();
      this.pack = new LyingPack(SECRET, 1, unit, VOLUME, epoch);
    }

    void write() throws IOException {
      for (int i = 0; i < MOST_RECORDS && in.more() && pack.number() <= MOST_PACKS; i++) {
        one();
      }
      medium.pack(pack.number(), pack.bytes());
    }

    private void one() throws IOException {
      switch (in.below(12)) {
        case 0, 1, 2 -> run();
        case 3, 4 -> manifest();
        case 5 -> reference();
        case 6 -> drop();
        case 7 -> format();
        case 8 -> pack.pad();
        case 9 -> {
          footer();
          nextPack();
        }
        case 10 -> nextPack();
        default -> oddity();
      }
    }

    private void oddity() {
      if (in.onceIn(2)) {
        pack.garbage(in.take(in.next()));
      } else {
        pack.plain(in.next(), in.onceIn(8) ? in.next() : 0, in.take(in.next()), in.below(40));
      }
    }

    private void nextPack() {
      medium.pack(pack.number(), pack.bytes());
      pack = new LyingPack(SECRET, pack.number() + 1, unit, VOLUME, epoch);
    }

    private void format() {
      FormatId id =
          in.onceIn(4)
              ? new FormatId("x.y" + in.next(), 1 + in.next())
              : RealCodecs.ALL.get(in.below(RealCodecs.ALL.size())).id();
      int number = (int) in.mostly(1 + in.below(3)) & 0xFF;
      pack.format(new NumberedFormat(number, id), SmallPayloads.format(number, id));
    }

    private void run() throws IOException {
      int count = 1 + in.below(4);
      List<Digest> table = new ArrayList<>();
      List<StoredBlock> forms = new ArrayList<>();
      ByteBuffer payload = ByteBuffer.allocate(64 << 10);
      for (int i = 0; i < count; i++) {
        byte[] plain = plain();
        Form made = form(plain);
        byte[] stored = made.stored();
        Digest hash = in.onceIn(8) ? someHash() : sha256(plain);
        int crc = Checksum.of(ByteBuffer.wrap(stored));
        StoredBlock form =
            new StoredBlock(
                (int) in.mostly(plain.length) & 0xFF_FFFF,
                (int) in.mostly(stored.length) & 0xFF_FFFF,
                made.codec(),
                made.flags(),
                (int) in.mostly(crc));
        table.add(hash);
        forms.add(form);
        payload.put(stored);
        hashes.add(hash);
        lengths.add(plain.length);
      }
      byte[] bytes = Arrays.copyOf(payload.array(), payload.position());
      pack.run(table, forms, bytes, (int) in.mostly(count) & 0xFFFF);
    }

    private byte[] plain() {
      byte[] plain = new byte[1 + in.below(2048)];
      Arrays.fill(plain, (byte) in.next());
      byte[] some = in.take(Math.min(plain.length, in.below(16)));
      System.arraycopy(some, 0, plain, 0, some.length);
      return plain;
    }

    /** The stored form of a block: raw, encoded, a delta, or nonsense. */
    private Form form(byte[] plain) throws IOException {
      List<NumberedFormat> formats = pack.formats();
      if (formats.isEmpty() || in.onceIn(3)) {
        return new Form(plain, 0, 0);
      }
      NumberedFormat format = formats.get(in.below(formats.size()));
      int codec = (int) in.mostly(format.number()) & 0xFF;
      int flags = in.onceIn(4) ? 1 + in.below(3) : 0;
      int prefix = 32 * Integer.bitCount(flags & StoredBlock.STORED_FLAGS);
      ByteBuffer out = ByteBuffer.allocate(prefix + 2 * plain.length + 1024);
      for (int i = 0; i < prefix; i += 32) {
        someHash().write(out);
      }
      if (in.onceIn(6)) {
        out.put(in.take(in.next()));
      } else {
        try {
          codecs.encode(format.format(), ByteBuffer.wrap(plain), BlockContext.PLAIN, out);
        } catch (dev.larder.api.LarderException e) {
          out.put(plain); // a codec that nobody has
        }
      }
      return new Form(Arrays.copyOf(out.array(), Math.max(1, out.position())), codec, flags);
    }

    private Digest someHash() {
      return hashes.isEmpty() || in.onceIn(6)
          ? new Digest(in.next(), 2, 3, 4)
          : hashes.get(in.below(hashes.size()));
    }

    private CommitFields fields() {
      sequence++;
      Stamp stamp =
          LyingPack.stamp(
              in.mostly(sequence), in.onceIn(3) ? VolumeExercise.ANOTHER : OWNER, sequence);
      return new CommitFields(in.mostly(sequence), stamp);
    }

    private int extra() {
      return in.onceIn(6) ? in.below(600) : 0;
    }

    private int commitFlags() {
      return in.onceIn(4) ? in.next() : 0;
    }

    private void manifest() {
      int count = in.below(MOST_MANIFEST_BLOCKS);
      List<Digest> chosen = new ArrayList<>();
      List<Integer> sizes = new ArrayList<>();
      long size = 0;
      for (int i = 0; i < count; i++) {
        boolean known = !hashes.isEmpty() && !in.onceIn(12);
        int index = known ? hashes.size() - 1 - in.below(hashes.size()) : 0;
        chosen.add(known ? hashes.get(index) : someHash());
        sizes.add((int) in.mostly(known ? lengths.get(index) : 1));
        size += sizes.get(i);
      }
      Digest digest = in.onceIn(4) && !artifacts.isEmpty() ? artifacts.get(0) : fresh();
      artifacts.add(digest);
      ManifestHead head =
          new ManifestHead(
              digest,
              in.mostly(size),
              ArtifactKind.MODEL,
              (int) in.mostly(count),
              in.mostly(Math.max(0, size)),
              new FormatId("a.b", 1),
              "p=" + in.next());
      ByteBuffer start = head.encode();
      ByteBuffer payload =
          ByteBuffer.allocate(start.remaining() + count * Layout.MANIFEST_BLOCK_BYTES);
      payload.put(start);
      for (int i = 0; i < count; i++) {
        chosen.get(i).write(payload);
        payload.putInt(sizes.get(i));
      }
      CommitFields fields = fields();
      ArtifactEntry entry = head.entry(fields.sequence());
      pack.commit(
          RecordHeader.MANIFEST,
          commitFlags(),
          fields,
          extra(),
          payload.flip(),
          place -> new CommitRecord.Added(entry, fields.stamp(), place));
    }

    private Digest fresh() {
      return new Digest(9, 9, artifacts.size(), in.next());
    }

    private Digest someArtifact() {
      return artifacts.isEmpty() || in.onceIn(6)
          ? fresh()
          : artifacts.get(in.below(artifacts.size()));
    }

    private void reference() {
      CommitFields fields = fields();
      Optional<Digest> target = in.onceIn(4) ? Optional.empty() : Optional.of(someArtifact());
      Reference reference = new Reference("n" + in.below(3), "latest");
      ReferenceChange change = new ReferenceChange(reference, target, fields.stamp(), in.mostly(0));
      pack.commit(
          RecordHeader.REFERENCE,
          commitFlags(),
          fields,
          extra(),
          SmallPayloads.reference(change),
          place -> new CommitRecord.Pointed(fields.sequence(), change, place));
    }

    private void drop() {
      CommitFields fields = fields();
      Digest digest = someArtifact();
      pack.commit(
          RecordHeader.DROP,
          commitFlags(),
          fields,
          extra(),
          SmallPayloads.drop(digest),
          place -> new CommitRecord.Dropped(fields.sequence(), digest, fields.stamp(), place));
    }

    private void footer() {
      boolean honest = in.onceIn(2);
      pack.footer(block -> honest ? block : lie(block), place -> honest ? place : lie(place));
    }

    private Footer.IndexedBlock lie(Footer.IndexedBlock block) {
      StoredBlock form = block.form();
      if (in.onceIn(4)) {
        return anywhere(block.hash());
      }
      return new Footer.IndexedBlock(
          in.onceIn(8) ? someHash() : block.hash(),
          (int) in.mostly(block.offset()),
          new StoredBlock(
              (int) in.mostly(form.raw()) & 0xFF_FFFF,
              (int) in.mostly(form.stored()) & 0xFF_FFFF,
              (int) in.mostly(form.codec()) & 0xFF,
              (int) in.mostly(form.flags()) & 0xFF,
              form.crc()));
    }

    /**
     * Some part of the pack, across records and other blocks, told to be a block; its CRC is right.
     */
    private Footer.IndexedBlock anywhere(Digest hash) {
      byte[] bytes = pack.bytes();
      int offset = 1 + in.below(bytes.length - 1);
      int length = 1 + in.below(bytes.length - offset);
      int crc = Checksum.of(ByteBuffer.wrap(bytes), offset, length);
      hashes.add(hash);
      lengths.add(length);
      return new Footer.IndexedBlock(hash, offset, new StoredBlock(length, length, 0, 0, crc));
    }

    private Place lie(Place place) {
      return new Place(
          place.pack(), (int) in.mostly(place.offset()), (int) in.mostly(place.length()));
    }
  }

  private static final RealCodecs CODECS = new RealCodecs();

  @Override
  public void take(byte[] input) throws Exception {
    Bytes in = new Bytes(input);
    boolean owner = !in.onceIn(3);
    boolean writable = !in.onceIn(8);
    Superblock superblock = superblock(in);
    HostileMedium medium = new HostileMedium(writable);
    medium.superblock(0, superblock.encode().array());
    medium.superblock(1, superblock.encode().array());
    new Writer(in, medium, superblock).write();
    VolumeExercise.run(medium, owner ? OWNER : VolumeExercise.ANOTHER);
  }

  /** Its counters tell at most one lie, or nothing would ever be opened. */
  private static Superblock superblock(Bytes in) {
    long[] counters = {3, 2, 1000, 0, 0, 0, 0};
    int lie = in.below(3 * counters.length);
    if (lie < counters.length) {
      counters[lie] = in.edge();
    }
    return new Superblock(
        counters[0],
        VOLUME,
        counters[1],
        OWNER,
        Layout.MIN_UNIT,
        1 << 20,
        SECRET,
        counters[2],
        counters[3],
        counters[4],
        counters[5],
        counters[6]);
  }

  private static Digest sha256(byte[] bytes) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
