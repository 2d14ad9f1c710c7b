package dev.larder.itest.fuzz;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.PackFile;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.format.Superblock;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Formats;
import dev.larder.store.pack.PackContents;
import dev.larder.store.pack.PackInput;
import dev.larder.store.pack.PackLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The decoders of the format of a volume. What is decoded is encoded and decoded again, and must be
 * the same: so nothing is taken that could not have been written.
 */
final class FormatTargets {

  static final UUID VOLUME = new UUID(5, 6);
  static final PackSeal SEAL = new PackSeal(99, 3);
  static final dev.larder.store.Stamp STAMP = LyingPack.stamp(7, new UUID(8, 9), 10);

  private static final int PACK = 3;
  private static final long FOOTER_AT = 8192;

  private FormatTargets() {}

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static void superblock(byte[] input) throws LarderException {
    superblockAsIs(ByteBuffer.wrap(input));
    ByteBuffer sealed = ByteBuffer.wrap(Arrays.copyOf(input, Layout.SUPERBLOCK_BYTES));
    int crcAt = Layout.SUPERBLOCK_BYTES - Layout.CRC_BYTES;
    superblockAsIs(sealed.putInt(crcAt, Checksum.of(sealed, 0, crcAt)));
  }

  private static void superblockAsIs(ByteBuffer bytes) throws LarderException {
    try {
      Optional<Superblock> read = Superblock.decode(bytes);
      if (read.isPresent()) {
        require(Superblock.decode(read.get().encode()).equals(read), "another superblock");
      }
    } catch (LarderException e) {
      require(e.code() == ErrorCode.FORMAT_UNSUPPORTED, e.describe());
    }
  }

  static void packHeader(byte[] input) {
    byte[] bytes = input.clone();
    PackHeader.decode(ByteBuffer.wrap(bytes), SEAL);
    PackSealer.seal(bytes, SEAL, PackSealer.HEADERS);
    PackHeader.isForeign(ByteBuffer.wrap(bytes), VOLUME);
    Optional<PackHeader> read = PackHeader.decode(ByteBuffer.wrap(bytes), SEAL);
    if (read.isPresent() && read.get().formats().size() < 8) {
      ByteBuffer again = read.get().encode(SEAL);
      require(PackHeader.decode(again, SEAL).equals(read), "another header: " + read.get());
    }
  }

  static void recordHeader(byte[] input) {
    RecordHeader.read(ByteBuffer.wrap(input), SEAL, 512, input.length);
    if (input.length < Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(input.clone());
    int length = Math.floorMod(bytes.getInt(4), Math.min(input.length, Layout.MAX_HEADER) + 1);
    length = Math.max(length, Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES);
    bytes.putInt(4, length);
    RecordHeader.seal(bytes, 0, length, SEAL, 512);
    RecordHeader read = RecordHeader.read(bytes, SEAL, 512, input.length);
    if (read != null) {
      require(read.bytes() <= input.length, "longer than its pack: " + read);
      ByteBuffer again = ByteBuffer.allocate(length).put(bytes.slice(0, length)).clear();
      read.put(again);
      require(again.clear().equals(bytes.slice(0, length)), "another record: " + read);
    }
  }

  static void footer(byte[] input) {
    ByteBuffer raw = ByteBuffer.wrap(input);
    Footer.position(raw, SEAL, FOOTER_AT + input.length);
    int length = input.length - Footer.TRAILER_BYTES;
    if (length < 32) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(input.clone());
    int header = Math.floorMod(bytes.getInt(4), length + 1);
    header = Math.min(Layout.MAX_HEADER, Math.max(header, 32));
    bytes.put(0, (byte) RecordHeader.FOOTER).putInt(4, header).putInt(8, length - header);
    bytes.putInt(12, Checksum.of(bytes, header, length - header));
    RecordHeader.seal(bytes, 0, header, SEAL, FOOTER_AT);
    Footer.Position position = new Footer.Position(FOOTER_AT, length);
    Footer.Contents read = Footer.decode(bytes.slice(0, length), SEAL, position, PACK);
    if (read != null) {
      footerAgain(read);
    }
  }

  private static void footerAgain(Footer.Contents read) {
    List<Footer.IndexedBlock> blocks = new java.util.ArrayList<>();
    for (int i = 0; i < read.blockCount(); i++) {
      Footer.IndexedBlock block = read.block(i);
      long end = (long) block.offset() + block.form().stored();
      require(block.offset() > 0 && end <= FOOTER_AT, "outside of the pack: " + block);
      blocks.add(block);
    }
    for (CommitRecord commit : read.commits()) {
      long end = (long) commit.place().offset() + commit.place().length();
      require(commit.place().offset() > 0 && end <= FOOTER_AT, "outside: " + commit);
    }
    ByteBuffer again = Footer.encode(read.formats(), blocks, read.commits(), SEAL, FOOTER_AT);
    int trailerAt = again.limit() - Footer.TRAILER_BYTES;
    Footer.Position position =
        Footer.position(
            again.slice(trailerAt, Footer.TRAILER_BYTES), SEAL, FOOTER_AT + again.limit());
    require(position != null, "its trailer is none");
    Footer.Contents twice = Footer.decode(again.slice(0, trailerAt), SEAL, position, PACK);
    require(twice != null && twice.blocks().equals(read.blocks()), "other blocks");
    require(twice.commits().equals(read.commits()), "other commits");
    require(twice.formats().equals(read.formats()), "other formats");
  }

  static void manifest(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    Optional<ManifestHead> head = ManifestHead.decode(in);
    boolean ascii = head.isPresent() && head.get().parameters().indexOf('\uFFFD') < 0;
    if (ascii) {
      require(ManifestHead.decode(head.get().encode()).equals(head), "another head");
    }
  }

  static void smallPayloads(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    SmallPayloads.reference(in, STAMP)
        .ifPresent(
            change ->
                require(
                    SmallPayloads.reference(SmallPayloads.reference(change), STAMP)
                        .equals(Optional.of(change)),
                    "another change"));
    SmallPayloads.drop(in)
        .ifPresent(
            digest ->
                require(
                    SmallPayloads.drop(SmallPayloads.drop(digest)).equals(Optional.of(digest)),
                    "another drop"));
    SmallPayloads.format(in.duplicate())
        .ifPresent(
            format ->
                require(
                    SmallPayloads.format(SmallPayloads.format(format.number(), format.format()))
                        .equals(Optional.of(format)),
                    "another format"));
  }

  /** The first byte says which checksums are put right, the rest is a pack. */
  static void pack(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    PackSealer.seal(bytes, SEAL, input[0]);
    BlockTable table = new BlockTable();
    PackLoader loader = new PackLoader(VOLUME, SEAL.secret(), table, new Formats());
    PackInput in =
        new PackInput(
            (target, at) -> new ArrayPack(bytes).read(target, at, Cancellation.NEVER),
            bytes.length,
            WINDOW);
    try {
      Optional<PackContents> contents = loader.load(PACK, in, Layout.MIN_UNIT, true);
      table.forEach(
          (hash, at) -> {
            long end = (long) at.offset() + at.form().stored();
            require(at.pack() == PACK && at.offset() > 0 && end <= bytes.length, "out: " + at);
            require(at.form().plausible(), "implausible: " + at);
          });
      contents.ifPresent(
          c -> require(c.end() <= Math.max(c.size(), c.unit()), "ends behind: " + c));
    } catch (LarderException e) {
      require(e.code() == ErrorCode.FORMAT_UNSUPPORTED, e.describe());
    }
  }

  private static final ByteBuffer WINDOW = ByteBuffer.allocate(64 << 10);

  /** A pack that is read only. */
  private record ArrayPack(byte[] bytes) implements PackFile {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(
        ByteBuffer target, long position, dev.larder.spi.media.Cancellation cancellation) {
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - position));
      target.put(bytes, (int) Math.min(position, bytes.length), count);
      return count;
    }

    @Override
    public void append(ByteBuffer source, long position) {
      throw new AssertionError("appended to");
    }

    @Override
    public void force() {}

    @Override
    public void seal() {
      throw new AssertionError("sealed");
    }

    @Override
    public void truncate(long size) {
      throw new AssertionError("cut off");
    }

    @Override
    public void close() {}
  }
}
