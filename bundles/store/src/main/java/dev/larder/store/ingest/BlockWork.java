package dev.larder.store.ingest;

import dev.larder.api.ArtifactKind;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hashes and encodes blocks; for one thread. */
final class BlockWork {

  /** A delta costs a second read: it must be this much shorter than what stands alone. */
  private static final double MOST_OF_ALONE = 0.95;

  /**
   * Of what stands alone: a delta against one block that is shorter is not worth to be bettered.
   */
  private static final double GOOD_ENOUGH = 0.4;

  private final Ingestor ingestor;
  private final IngestSpec spec;
  private final @Nullable Predecessor predecessor;
  private final MessageDigest sha256 = Sha256.newDigest();

  BlockWork(Ingestor ingestor, IngestSpec spec, @Nullable Predecessor predecessor) {
    this.ingestor = ingestor;
    this.spec = spec;
    this.predecessor = predecessor;
  }

  /** Hashes a block, and encodes it unless the volume has it. */
  void hashAndEncode(Window window, Window.Block block) throws IOException {
    block.form = null;
    sha256.update(window.bytes(block));
    Digest hash = Digest.of(sha256.digest());
    block.hash = hash;
    if (!isHere(block, hash)) {
      StoredBlock alone = encode(window, block);
      spec.codecs().encoded(block.annotation, window.bytes(block));
      if (predecessor != null) {
        encodeDeltas(window, block, alone, predecessor);
      }
      if (alone.equals(block.form) && spec.kind() == ArtifactKind.PROTOCOL_DATA) {
        encodeWithDictionary(window, block, alone);
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
      block.standsOn = ingestor.blocks().standing().under(location);
      location = block.standsOn.isEmpty() ? null : location;
    }
    if (location != null) {
      block.known = location.form();
    }
    return location != null;
  }

  /** Takes a delta in place of the form that stands alone, if one is shorter. */
  private void encodeDeltas(
      Window window, Window.Block block, StoredBlock alone, Predecessor before) throws IOException {
    FormatId codec = spec.codecs().deltaCodecFor(block.annotation).orElse(Codecs.NONE);
    if (codec.equals(Codecs.NONE)) {
      return;
    }
    int room = (int) (alone.stored() * MOST_OF_ALONE);
    Digest like = before.like(block.position, block.length);
    BlockReader reader = ingestor.blocks();
    List<Digest> single = like == null ? List.of() : reader.standing().basesOf(like);
    try (DeltaTools.Tool tool = ingestor.deltaTools().acquire()) {
      int bytes = encodeDelta(window, block, codec, single, room, tool);
      if (bytes > alone.stored() * GOOD_ENOUGH) {
        List<Digest> several = before.scattered(window.bytes(block), reader, tool.bases());
        if (!several.equals(single)) {
          encodeDelta(window, block, codec, several, bytes, tool);
        }
      }
    }
  }

  /** Takes a form with a dictionary in place of the one that stands alone, if it is shorter. */
  private void encodeWithDictionary(Window window, Window.Block block, StoredBlock alone)
      throws IOException {
    FormatId codec = spec.codecs().dictionaryCodec().orElse(Codecs.NONE);
    if (block.length > Dictionaries.MOST_BLOCK_BYTES || codec.equals(Codecs.NONE)) {
      return;
    }
    ByteBuffer bytes = window.bytes(block);
    int family = Dictionaries.family(bytes);
    Dictionaries dictionaries = ingestor.dictionaries();
    Dictionaries.Dictionary dictionary = dictionaries.of(family).orElse(null);
    if (dictionary == null) {
      dictionaries.sample(family, bytes, codec);
      return;
    }
    BlockContext context =
        new BlockContext(Optional.empty(), Optional.of(dictionary.bytes()), block.annotation);
    List<Digest> hash = List.of(dictionary.hash());
    int room = alone.stored();
    try (DeltaTools.Tool tool = ingestor.deltaTools().acquire()) {
      int stored = encode(window, block, codec, hash, StoredBlock.DICTIONARY, context, room, tool);
      dictionaries.used(family, room, stored);
      if (stored < room) {
        block.standsOn = hash;
      }
    }
  }

  /**
   * Takes a delta in place of the form that there is, if it fits.
   *
   * @return length of the form that there is then
   */
  private int encodeDelta(
      Window window,
      Window.Block block,
      FormatId codec,
      List<Digest> blocks,
      int room,
      DeltaTools.Tool tool)
      throws IOException {
    Base base = blocks.isEmpty() || blocks.contains(block.hash) ? null : tool.bases().read(blocks);
    if (base == null) {
      return room;
    }
    BlockContext context =
        new BlockContext(
            Optional.of(base.plain().asReadOnlyBuffer()), Optional.empty(), block.annotation);
    int flags = StoredBlock.delta(blocks.size());
    int stored = encode(window, block, codec, blocks, flags, context, room, tool);
    if (stored < room) {
      block.standsOn = base.standsOn();
    }
    return stored;
  }

  /**
   * Takes a form that stands on others in place of the one that there is, if it is shorter.
   *
   * @param others with whose hashes the form begins
   * @return length of the form that there is then
   */
  private int encode(
      Window window,
      Window.Block block,
      FormatId codec,
      List<Digest> others,
      int flags,
      BlockContext context,
      int room,
      DeltaTools.Tool tool)
      throws IOException {
    int prefix = Digest.LENGTH * others.size();
    int number = ingestor.formats().number(codec);
    if (number < 0 || room <= prefix) {
      return room;
    }
    ByteBuffer delta = tool.delta(room - 1);
    others.forEach(hash -> hash.write(delta));
    int bytes = ingestor.codecs().encode(codec, window.bytes(block), context, delta);
    if (bytes <= 0 || prefix + bytes >= room) {
      return room;
    }
    delta.flip();
    int crc = Checksum.of(delta);
    int stored = delta.remaining();
    window.encodedBytes(block, stored).put(delta);
    block.form = new StoredBlock(block.length, stored, number, flags, crc);
    return stored;
  }

  /** Encodes a block so that it stands alone. */
  StoredBlock encode(Window window, Window.Block block) throws IOException {
    FormatId codec = spec.codecs().codecFor(block.annotation);
    int room = StoredBlock.mostEncoded(block.length);
    StoredBlock form = null;
    if (!codec.equals(Codecs.NONE) && room > 0) {
      form = encode(window, block, codec, room);
    }
    if (form == null) {
      int crc = Checksum.of(window.bytes(block));
      form = new StoredBlock(block.length, block.length, 0, 0, crc);
    }
    block.standsOn = List.of();
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
