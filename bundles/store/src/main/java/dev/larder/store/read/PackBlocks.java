package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.store.Lane;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.Footer.IndexedBlock;
import dev.larder.store.format.Sha256;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.io.MediumHungException;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the blocks of whole packs, one group of neighbours after another. For one thread. */
public final class PackBlocks {

  private static final int GROUP_BYTES = 1 << 20;
  private static final int GROUP_BLOCKS = 256;

  private final PackFiles files;
  private final BlockTable table;
  private final BlockReader reader;
  private final Lane lane;
  private ReadSlots.Slot slot;
  private final MessageDigest sha256 = Sha256.newDigest();

  /** Reads the packs of one volume. */
  public PackBlocks(PackFiles files, BlockTable table, BlockReader reader, Lane lane) {
    this.files = files;
    this.table = table;
    this.reader = reader;
    this.lane = lane;
    this.slot = new ReadSlots.Slot(lane);
  }

  /** A block that was read. */
  public record Loaded(Digest hash, BlockLocation location, ByteBuffer stored) {}

  /** Takes groups of blocks. */
  public interface Groups {
    /** Takes some blocks of a pack, in order; their bytes are valid during the call. */
    void group(List<Loaded> blocks) throws IOException;
  }

  /** Reads all live blocks of a pack. */
  public void read(int pack, Groups groups, Cancellation cancellation) throws IOException {
    read(pack, table.ofPack(pack), groups, cancellation);
  }

  /** Reads some blocks of a pack, which are in order of their offsets. */
  public void read(int pack, List<IndexedBlock> blocks, Groups groups, Cancellation cancellation)
      throws IOException {
    int from = 0;
    while (from < blocks.size()) {
      cancellation.check();
      int to = from + 1;
      int start = blocks.get(from).offset();
      while (to < blocks.size()
          && to - from < GROUP_BLOCKS
          && end(blocks.get(to)) - start <= GROUP_BYTES) {
        to++;
      }
      List<IndexedBlock> group = blocks.subList(from, to);
      try {
        groups.group(load(pack, group, cancellation));
      } catch (UnreadableException e) {
        oneByOne(pack, group, groups, cancellation);
      }
      from = to;
    }
  }

  private static int end(IndexedBlock block) {
    return block.offset() + block.form().stored();
  }

  /** The medium fails somewhere in a group: what it can still read of it is taken. */
  private void oneByOne(
      int pack, List<IndexedBlock> group, Groups groups, Cancellation cancellation)
      throws IOException {
    for (IndexedBlock block : group) {
      List<Loaded> alone;
      try {
        alone = load(pack, List.of(block), cancellation);
      } catch (UnreadableException e) {
        BlockLocation location = new BlockLocation(pack, block.offset(), block.form());
        reader.unreadable(block.hash(), location);
        alone = List.of(new Loaded(block.hash(), location, ByteBuffer.allocate(0)));
      }
      groups.group(alone);
    }
  }

  /** The medium cannot read some bytes. */
  private static final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableException(IOException cause) {
      super(cause);
    }
  }

  private List<Loaded> load(int pack, List<IndexedBlock> blocks, Cancellation cancellation)
      throws IOException {
    int start = blocks.get(0).offset();
    ByteBuffer bytes = slot.extent(end(blocks.get(blocks.size() - 1)) - start, 8);
    try (PackFiles.Lease lease = files.lease(pack)) {
      lease.read(lane, bytes, start, cancellation);
    } catch (PackGoneException | MediumGoneException e) {
      throw e;
    } catch (MediumHungException e) {
      slot = new ReadSlots.Slot(lane); // the old one is the medium's
      throw e;
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
    bytes.flip();
    List<Loaded> loaded = new ArrayList<>();
    for (IndexedBlock block : blocks) {
      int at = block.offset() - start;
      int length = Math.max(0, Math.min(block.form().stored(), bytes.limit() - at));
      ByteBuffer stored = length == 0 ? ByteBuffer.allocate(0) : bytes.slice(at, length);
      BlockLocation location = new BlockLocation(pack, block.offset(), block.form());
      loaded.add(new Loaded(block.hash(), location, stored));
    }
    return loaded;
  }

  /** Fails unless the stored form is the one that was written. */
  public void check(Loaded block) throws LarderException {
    reader.check(NO_ARTIFACT, block.hash(), block.location(), block.stored());
  }

  /** Whether it is a delta, whole, and the block that it stands on is not in the volume. */
  public boolean isOrphan(Loaded block) throws LarderException {
    StoredBlock form = block.location().form();
    if (form.flags() == 0) {
      return false;
    }
    check(block);
    return !reader.standing().isFounded(form, block.stored());
  }

  /** The blocks without which one cannot be decoded. */
  public List<Digest> standsOn(BlockLocation location) throws IOException {
    return reader.standing().standsOn(location);
  }

  /**
   * The stored form of a block, encoded anew with more effort.
   *
   * @param most bytes that are worth it
   * @return empty if it would be longer
   */
  public Optional<Loaded> encodedAnew(Loaded block, int most) throws IOException {
    check(block);
    StoredBlock form = block.location().form();
    return reader
        .encodeAnew(block.hash(), form, block.stored(), most, slot)
        .map(stored -> stored(block, form.codec(), form.flags(), stored));
  }

  /**
   * A block that stands on others, stored so that it does not, with the effort of a put.
   *
   * @param most bytes that are worth it
   * @return empty if it would be longer
   */
  public Optional<Loaded> standingAlone(Loaded block, int most) throws IOException {
    check(block);
    StoredBlock form = block.location().form();
    int raw = form.raw();
    ByteBuffer plain = reader.decode(Decoding.with(slot), block.hash(), form, block.stored());
    int shorter = Math.min(most, StoredBlock.mostEncoded(raw));
    Optional<ByteBuffer> encoded = reader.encodeAlone(form.codec(), plain, shorter, slot);
    if (encoded.isEmpty() && raw > most) {
      return Optional.empty();
    }
    ByteBuffer bytes = encoded.orElse(plain);
    ByteBuffer stored = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    int codec = encoded.isPresent() ? form.codec() : 0;
    return Optional.of(stored(block, codec, 0, stored));
  }

  private static Loaded stored(Loaded block, int codec, int flags, ByteBuffer stored) {
    BlockLocation was = block.location();
    int crc = Checksum.of(stored);
    StoredBlock form = new StoredBlock(was.form().raw(), stored.remaining(), codec, flags, crc);
    return new Loaded(block.hash(), new BlockLocation(was.pack(), was.offset(), form), stored);
  }

  /** Fails unless the block decodes to what its SHA-256 says. */
  public void verify(Loaded block) throws IOException {
    check(block);
    ByteBuffer plain =
        block.location().form().codec() == 0
            ? block.stored()
            : reader.decode(
                Decoding.with(slot), block.hash(), block.location().form(), block.stored());
    sha256.update(plain);
    if (!Digest.of(sha256.digest()).equals(block.hash())) {
      reader.bad(block.hash(), block.location());
      throw new LarderException(
          ErrorCode.CORRUPT,
          "block " + block.hash() + " has another SHA-256",
          "repair it from another replica");
    }
  }

  private static final Digest NO_ARTIFACT = new Digest(0, 0, 0, 0);
}
