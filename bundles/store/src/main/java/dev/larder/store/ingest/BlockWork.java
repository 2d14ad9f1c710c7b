package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.Sha256;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.read.Base;
import dev.larder.store.read.BlockReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hashes and encodes blocks; for one thread. */
final class BlockWork {

  /** A stored form must be this much shorter than the block, else the block itself is stored. */
  private static final double MOST_OF_RAW = 0.97;

  /** A delta costs a second read: it must be this much shorter than what stands alone. */
  private static final double MOST_OF_ALONE = 0.95;

  private final Ingestor ingestor;
  private final IngestSpec spec;
  private final @Nullable Predecessor predecessor;
  private final BlockReader.Bases bases;
  private final MessageDigest sha256 = Sha256.newDigest();
  private ByteBuffer delta = ByteBuffer.allocate(0);

  BlockWork(Ingestor ingestor, IngestSpec spec, @Nullable Predecessor predecessor) {
    this.ingestor = ingestor;
    this.spec = spec;
    this.predecessor = predecessor;
    this.bases = ingestor.blocks().bases();
  }

  /** Hashes a block, and encodes it unless the volume has it. */
  void hashAndEncode(Window window, Window.Block block) throws IOException {
    block.form = null;
    sha256.update(window.bytes(block));
    Digest hash = Digest.of(sha256.digest());
    block.hash = hash;
    if (!isHere(block, hash)) {
      StoredBlock alone = encode(window, block);
      if (predecessor != null) {
        encodeDelta(window, block, alone, predecessor);
      }
    } else if (predecessor != null) {
      predecessor.found(hash, block.position);
    }
  }

  /** Whether the volume has a block, and if it is a delta, what it stands on. */
  private boolean isHere(Window.Block block, Digest hash) {
    BlockLocation location = ingestor.table().usable(hash) ? ingestor.table().find(hash) : null;
    block.known = null;
    if (location != null && location.form().flags() != 0) {
      block.base = bases.under(location);
      location = block.base == null ? null : location;
    }
    if (location != null) {
      block.known = location.form();
    }
    return location != null;
  }

  /** Takes a delta in place of the form that stands alone, if it is shorter. */
  private void encodeDelta(Window window, Window.Block block, StoredBlock alone, Predecessor before)
      throws IOException {
    Optional<FormatId> codec = spec.codecs().deltaCodecFor(block.annotation);
    Digest like = codec.isEmpty() ? null : before.like(block.position, block.length);
    if (like == null) {
      return;
    }
    int number = ingestor.formats().number(codec.get());
    Base base = number < 0 ? null : bases.of(like);
    int room = (int) (alone.stored() * MOST_OF_ALONE);
    if (base == null || room <= Digest.LENGTH || base.hash().equals(block.hash)) {
      return;
    }
    if (delta.capacity() < room) {
      delta = ByteBuffer.allocateDirect(block.length);
    }
    base.hash().write(delta.clear().limit(room));
    BlockContext context =
        new BlockContext(
            Optional.of(base.plain().asReadOnlyBuffer()), Optional.empty(), block.annotation);
    int bytes = ingestor.codecs().encode(codec.get(), window.bytes(block), context, delta);
    if (bytes > 0 && Digest.LENGTH + bytes <= room) {
      delta.flip();
      int crc = Checksum.of(delta);
      int stored = delta.remaining();
      window.encodedBytes(block, stored).put(delta);
      block.base = base.hash();
      block.form = new StoredBlock(block.length, stored, number, StoredBlock.DELTA, crc);
    }
  }

  /** Encodes a block so that it stands alone. */
  StoredBlock encode(Window window, Window.Block block) throws IOException {
    FormatId codec = spec.codecs().codecFor(block.annotation);
    int room = (int) (block.length * MOST_OF_RAW);
    StoredBlock form = null;
    if (!codec.equals(Codecs.NONE) && room > 0) {
      form = encode(window, block, codec, room);
    }
    if (form == null) {
      int crc = Checksum.of(window.bytes(block));
      form = new StoredBlock(block.length, block.length, 0, 0, crc);
    }
    block.base = null;
    block.form = form;
    return form;
  }

  private @Nullable StoredBlock encode(Window window, Window.Block block, FormatId codec, int room)
      throws IOException {
    int number = ingestor.formats().number(codec);
    if (number < 0) {
      return null; // more codecs than a volume can number: stored raw
    }
    ByteBuffer target = window.encodedBytes(block, room);
    BlockContext context = BlockContext.of(block.annotation);
    int bytes = ingestor.codecs().encode(codec, window.bytes(block), context, target);
    if (bytes == Codecs.DOES_NOT_FIT) {
      return null;
    }
    if (bytes < 1 || bytes > room) {
      throw new LarderException(
          ErrorCode.INTERNAL,
          "codec " + codec + " says that it wrote " + bytes + " bytes where " + room + " fit",
          "use another codec");
    }
    int crc = Checksum.of(window.encodedBytes(block, bytes));
    return new StoredBlock(block.length, bytes, number, 0, crc);
  }
}
