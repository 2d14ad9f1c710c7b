package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.MalformedBlockException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.BlocksAtHand;
import dev.larder.store.Codecs;
import dev.larder.store.Lane;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.Layout;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Formats;
import dev.larder.store.io.MediumHungException;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks and decodes stored forms. Thread-safe. */
public final class BlockReader {

  private static final Logger LOG = LoggerFactory.getLogger(BlockReader.class);

  private final PackFiles files;
  private final BlockTable table;
  private final Damage damage;
  private final Formats formats;
  private final Codecs codecs;
  private final VolumeErrors errors;
  private final Standing standing;
  private final BaseCache bases = new BaseCache();
  private final DictionaryCache dictionaries = new DictionaryCache();

  /** Of one volume. */
  public BlockReader(
      PackFiles files,
      BlockTable table,
      Damage damage,
      Formats formats,
      Codecs codecs,
      VolumeErrors errors) {
    this.files = files;
    this.table = table;
    this.damage = damage;
    this.formats = formats;
    this.codecs = codecs;
    this.errors = errors;
    this.standing = new Standing(files, table);
  }

  /** What stands on what. */
  public Standing standing() {
    return standing;
  }

  /** Fails unless a stored form is the one that was written. */
  void check(Digest artifact, Digest hash, BlockLocation location, ByteBuffer stored)
      throws LarderException {
    if (Checksum.of(stored) != location.form().crc()) {
      bad(hash, location);
      throw errors.corrupt(artifact, hash, "its checksum is wrong");
    }
  }

  /** Notes that a stored form is not what was written. */
  void bad(Digest hash, BlockLocation location) {
    damage.block(hash, location);
  }

  /** Notes that a stored form cannot be read. */
  void unreadable(Digest hash, BlockLocation location) {
    damage.unreadable(hash, location);
  }

  /** Decodes a checked stored form. */
  ByteBuffer decode(Decoding decoding, Digest hash, StoredBlock form, ByteBuffer stored)
      throws IOException {
    BlockContext context = context(decoding, hash, form, stored);
    ByteBuffer target = decoding.slot().block(form.raw());
    ByteBuffer body = stored.slice(form.prefixBytes(), form.stored() - form.prefixBytes());
    try {
      codecs.decode(formats.format(form.codec()), body, context, target);
    } catch (MalformedBlockException e) {
      throw errors.corrupt(decoding.artifact(), hash, "it does not decode: " + e.getMessage());
    }
    if (target.position() != form.raw()) {
      throw errors.corrupt(decoding.artifact(), hash, "it decodes to another length");
    }
    return target.flip();
  }

  /**
   * Encodes a checked stored form anew, by the same codec and against the same blocks, but with
   * more effort.
   *
   * @param most bytes that are worth it
   * @return the new form, position to limit; empty if it is longer, or the codec is not there
   */
  Optional<ByteBuffer> encodeAnew(
      Digest hash, StoredBlock form, ByteBuffer stored, int most, ReadSlots.Slot slot)
      throws IOException {
    int prefix = form.prefixBytes();
    if (form.codec() == 0 || most <= prefix) {
      return Optional.empty();
    }
    Decoding decoding = Decoding.with(slot);
    ByteBuffer plain = decode(decoding, hash, form, stored);
    BlockContext context = context(decoding, hash, form, stored);
    ByteBuffer anew = slot.encoded(most).put(stored.slice(0, prefix));
    FormatId codec = formats.format(form.codec());
    try {
      int bytes = codecs.encodeThoroughly(codec, plain, context, anew);
      return bytes <= 0
          ? Optional.empty()
          : Optional.of(ByteBuffer.allocate(prefix + bytes).put(anew.flip()).flip());
    } catch (LarderException e) {
      if (e.code() != ErrorCode.CODEC_MISSING) {
        throw e;
      }
      LOG.debug("nothing of {} can be encoded anew", codec, e);
      return Optional.empty();
    }
  }

  /**
   * Encodes a block, so that it stands alone, by a codec of the volume.
   *
   * @param most bytes that are worth it
   * @return empty if it is longer
   */
  Optional<ByteBuffer> encodeAlone(int codec, ByteBuffer plain, int most, ReadSlots.Slot slot)
      throws IOException {
    ByteBuffer target = slot.encoded(Math.max(0, most));
    int bytes = codecs.encode(formats.format(codec), plain, BlockContext.PLAIN, target);
    return bytes <= 0 ? Optional.empty() : Optional.of(target.flip());
  }

  /** Reads what a delta stands on. A base is never itself a delta, so this goes one step deep. */
  private BlockContext context(Decoding decoding, Digest hash, StoredBlock form, ByteBuffer stored)
      throws IOException {
    if (form.flags() == 0) {
      return BlockContext.PLAIN;
    }
    ByteBuffer prefix = stored.slice(0, form.prefixBytes());
    Optional<ByteBuffer> reference = Optional.empty();
    Optional<ByteBuffer> dictionary = Optional.empty();
    try {
      if (form.bases() > 0) {
        reference = Optional.of(reference(decoding, Standing.hashes(prefix, form.bases())));
      }
      if (form.hasDictionary()) {
        dictionary = Optional.of(dictionary(decoding, Digest.read(prefix)));
      }
    } catch (LarderException e) {
      if (e.code() == ErrorCode.CORRUPT) {
        standsOnNothing(hash, form, e);
      }
      throw e;
    }
    return new BlockContext(reference, dictionary, BlockAnnotation.NONE);
  }

  /** What cannot be decoded for want of its base is damaged as well: a repair writes it anew. */
  private void standsOnNothing(Digest hash, StoredBlock form, LarderException cause)
      throws BlockMovedException {
    BlockLocation location = table.find(hash);
    if (location != null && !location.form().equals(form)) {
      throw new BlockMovedException(hash, cause);
    }
    if (location != null) {
      unreadable(hash, location);
    }
  }

  private ByteBuffer reference(Decoding decoding, List<Digest> bases) throws IOException {
    if (bases.size() == 1) {
      return base(decoding, bases.get(0));
    }
    ReadSlots.Slot slot = decoding.slot();
    ByteBuffer joined = slot.joined(0, 0);
    for (Digest hash : bases) {
      ByteBuffer plain = cachedBase(decoding, hash);
      if (joined.position() + plain.remaining() > Layout.MAX_BLOCK) {
        throw errors.corrupt(decoding.artifact(), hash, "what a delta stands on is too large");
      }
      joined = slot.joined(joined.position(), plain.remaining()).put(plain);
    }
    return joined.flip();
  }

  /** Neighbours often stand on the same block: what the last one stood on is kept. */
  private ByteBuffer base(Decoding decoding, Digest hash) throws IOException {
    ByteBuffer last = decoding.slot().lastBase(hash);
    if (last != null) {
      return last;
    }
    ByteBuffer plain =
        whereverItIs(() -> plain(decoding, hash, baseLocation(decoding.artifact(), hash)));
    return decoding.slot().isBase(hash, plain);
  }

  private ByteBuffer cachedBase(Decoding decoding, Digest hash) throws IOException {
    int length = baseLocation(decoding.artifact(), hash).form().raw();
    ByteBuffer cached = decoding.slot().plainBase(length);
    if (bases.get(hash, cached)) {
      return cached.flip();
    }
    ByteBuffer plain = base(decoding, hash);
    bases.put(hash, plain);
    return plain;
  }

  private interface Loading {
    ByteBuffer load() throws IOException;
  }

  /** Looks for a block again that a collection has moved meanwhile. */
  private static ByteBuffer whereverItIs(Loading block) throws IOException {
    for (int moves = 0; ; moves++) {
      try {
        return block.load();
      } catch (PackGoneException e) {
        if (moves == ExtentReader.MOST_MOVES) {
          throw e;
        }
      }
    }
  }

  private BlockLocation baseLocation(Digest artifact, Digest hash) throws LarderException {
    BlockLocation location = table.find(hash);
    if (location == null || !location.form().standsAlone()) {
      throw errors.corrupt(artifact, hash, "a delta stands on it, but it is not there");
    }
    return location;
  }

  private ByteBuffer plain(Decoding decoding, Digest hash, BlockLocation location)
      throws IOException {
    StoredBlock form = location.form();
    ReadSlots.Slot slot = decoding.slot();
    if (decoding.atHand().has(hash, form.raw())) {
      ByteBuffer plain = slot.plainBase(form.raw());
      if (decoding.atHand().read(hash, plain)) {
        return plain.clear().limit(form.raw());
      }
    }
    ByteBuffer stored = slot.base(form.stored());
    try (PackFiles.Lease lease = files.lease(location.pack())) {
      slot.baseRead(lease.read(slot.lane(), stored, location.offset(), Cancellation.NEVER));
    }
    check(decoding.artifact(), hash, location, stored.flip());
    if (form.codec() == 0) {
      return stored;
    }
    ByteBuffer plain = slot.plainBase(form.raw());
    BlockContext context = BlockContext.PLAIN;
    if (form.hasDictionary()) {
      Optional<ByteBuffer> dictionary = Optional.of(dictionary(decoding, Digest.read(stored)));
      context = new BlockContext(Optional.empty(), dictionary, BlockAnnotation.NONE);
    }
    codecs.decode(formats.format(form.codec()), stored.slice(), context, plain);
    return plain.flip();
  }

  /** A dictionary stands alone, without another one. */
  private ByteBuffer dictionary(Decoding decoding, Digest hash) throws IOException {
    return whereverItIs(() -> loadDictionary(decoding, hash));
  }

  private ByteBuffer loadDictionary(Decoding decoding, Digest hash) throws IOException {
    BlockLocation location = table.find(hash);
    if (location == null || location.form().flags() != 0) {
      throw errors.corrupt(
          decoding.artifact(), hash, "it is the dictionary of others, but it is not there");
    }
    ByteBuffer known = dictionaries.get(hash);
    if (known != null) {
      return known;
    }
    ReadSlots.Slot own = new ReadSlots.Slot(decoding.slot().lane()); // it is kept
    Decoding apart = new Decoding(decoding.artifact(), BlocksAtHand.NONE, own);
    ByteBuffer plain = plain(apart, hash, location).asReadOnlyBuffer();
    decoding.slot().baseRead((int) own.takeBasesRead());
    dictionaries.put(hash, plain);
    return plain;
  }

  /** Reads what new deltas may stand on. For one thread. */
  public final class Bases {

    private ReadSlots.Slot slot = new ReadSlots.Slot(Lane.PUT);
    private List<Digest> asked = List.of();
    private @Nullable Base last;

    /**
     * Reads blocks of which each is no delta.
     *
     * @return null if one of them cannot be read, or does not stand alone
     */
    public @Nullable Base read(List<Digest> blocks) {
      if (!blocks.equals(asked)) {
        asked = blocks;
        last = load(blocks);
      }
      return last;
    }

    private @Nullable Base load(List<Digest> blocks) {
      try {
        return blocks.stream().allMatch(standing::standsAlone)
            ? new Base(standing.withDictionaries(blocks), reference(Decoding.with(slot), blocks))
            : null;
      } catch (MediumHungException e) {
        LOG.debug("no delta against {}", blocks, e);
        slot = new ReadSlots.Slot(Lane.PUT); // the old one is the medium's
        return null;
      } catch (IOException e) {
        LOG.debug("no delta against {}", blocks, e);
        return null; // it was moved, or is damaged, or its codec is away: the block stands alone
      }
    }
  }

  /** Reads a block that may serve as a dictionary; empty if it cannot be. */
  public Optional<ByteBuffer> dictionary(Digest block) {
    try {
      return table.usable(block)
          ? Optional.of(dictionary(Decoding.with(new ReadSlots.Slot(Lane.PUT)), block))
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("no dictionary {}", block, e);
      return Optional.empty();
    }
  }

  /** Reads bases for one thread. */
  public Bases bases() {
    return new Bases();
  }
}
