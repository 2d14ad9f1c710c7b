package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.StoredBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Hashes and encodes blocks; for one thread. */
final class BlockWork {

  /** A stored form must be this much shorter than the block, else the block itself is stored. */
  private static final double MOST_OF_RAW = 0.97;

  private final Ingestor ingestor;
  private final IngestSpec spec;
  private final MessageDigest sha256 = Sha256.newDigest();

  BlockWork(Ingestor ingestor, IngestSpec spec) {
    this.ingestor = ingestor;
    this.spec = spec;
  }

  /** Hashes a block, and encodes it unless the volume has it. */
  void hashAndEncode(Window window, Window.Block block) throws IOException {
    block.form = null;
    sha256.update(window.bytes(block));
    Digest hash = Digest.of(sha256.digest());
    block.hash = hash;
    if (!ingestor.table().usable(hash)) {
      encode(window, block);
    }
  }

  /** Encodes a block. */
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
