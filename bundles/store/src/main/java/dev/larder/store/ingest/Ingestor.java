package dev.larder.store.ingest;

import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.VolumeContext;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.index.BlockList;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Formats;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackStream;
import dev.larder.store.pack.VolumeErrors;
import dev.larder.store.read.BlockReader;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes artifacts in: what all ingests of a volume share. Thread-safe. */
public final class Ingestor {

  private static final Logger LOG = LoggerFactory.getLogger(Ingestor.class);

  private static final long WINDOW_BUDGET = 16 << 20;

  private final PackStream stream;
  private final BlockTable table;
  private final Formats formats;
  private final Journal journal;
  private final Damage damage;
  private final ManifestReader manifests;
  private final BlockReader blocks;
  private final VolumeErrors errors;
  private final VolumeContext context;
  private final Room room;
  private final GivenUp givenUp;
  private final InFlight inFlight = new InFlight();
  private final DeltaTools deltaTools;
  private final Dictionaries dictionaries = new Dictionaries(this);
  private final WindowPool windows = new WindowPool(WINDOW_BUDGET);

  /** How much room the volume has. */
  public interface Room {
    /** Bytes that puts may still take. */
    long freeForPuts() throws IOException;
  }

  /** Told that blocks were given up. */
  public interface GivenUp {
    /** Packs may hold nothing any more. */
    void blocksRemoved();
  }

  /** Takes artifacts into one stream. */
  public Ingestor(
      PackStream stream,
      BlockTable table,
      Formats formats,
      Journal journal,
      Damage damage,
      ManifestReader manifests,
      BlockReader blocks,
      VolumeErrors errors,
      VolumeContext context,
      Room room,
      GivenUp givenUp) {
    this.stream = stream;
    this.table = table;
    this.formats = formats;
    this.journal = journal;
    this.damage = damage;
    this.manifests = manifests;
    this.blocks = blocks;
    this.errors = errors;
    this.context = context;
    this.room = room;
    this.givenUp = givenUp;
    this.deltaTools = new DeltaTools(blocks, context.parallelism() + 1);
  }

  /** Takes one artifact in. */
  public Staged ingest(IngestSpec spec, ReadableByteChannel content) throws IOException {
    try {
      stream.check();
      long size = spec.size().orElse(0);
      if (size > room.freeForPuts()) {
        throw errors.full("an artifact of " + size + " bytes");
      }
      return new Ingest(this, spec, content).run();
    } catch (IOException e) {
      throw errors.wrap(e);
    }
  }

  /**
   * What an artifact may be written as deltas against. Not while anything is damaged: a block that
   * deltas stand on is then written anew, and must stand alone.
   */
  Optional<Predecessor> predecessor(IngestSpec spec) {
    if (spec.codecs().deltaCodecFor(BlockAnnotation.NONE).isEmpty()) {
      return Optional.empty();
    }
    CommitRecord.Added added = spec.predecessor().map(journal::added).orElse(null);
    if (added == null || damage.any()) {
      return Optional.empty();
    }
    BlockList list = new BlockList();
    try {
      return manifests
          .read(added, list::add)
          .map(head -> new Predecessor(list, spec.size(), deltaTools));
    } catch (IOException e) {
      LOG.debug("no deltas against {}", added.artifact().digest(), e);
      return Optional.empty(); // it was moved or dropped meanwhile
    }
  }

  BlockReader blocks() {
    return blocks;
  }

  /** What is being taken in now; guarded by the stream's lock. */
  public InFlight inFlight() {
    return inFlight;
  }

  PackStream stream() {
    return stream;
  }

  BlockTable table() {
    return table;
  }

  Formats formats() {
    return formats;
  }

  Journal journal() {
    return journal;
  }

  Damage damage() {
    return damage;
  }

  VolumeErrors errors() {
    return errors;
  }

  Codecs codecs() {
    return context.codecs();
  }

  ExecutorService workers() {
    return context.workers();
  }

  DeltaTools deltaTools() {
    return deltaTools;
  }

  Dictionaries dictionaries() {
    return dictionaries;
  }

  int parallelism() {
    return context.parallelism();
  }

  Room room() {
    return room;
  }

  WindowPool windows() {
    return windows;
  }

  boolean appendsTo(PackStream other) {
    return stream == other;
  }

  void pin(BlockList blocks) {
    stream.lock().lock();
    try {
      inFlight.add(blocks);
    } finally {
      stream.lock().unlock();
    }
  }

  void unpin(BlockList blocks) {
    stream.lock().lock();
    try {
      inFlight.remove(blocks);
    } finally {
      stream.lock().unlock();
    }
  }

  /** Removes blocks that nothing else has come to refer to. */
  void giveUp(BlockList blocks, BitSet fresh) {
    stream.lock().lock();
    try {
      inFlight.remove(blocks);
      fresh.stream().forEach(index -> table.removeUnshared(blocks.hash(index)));
    } finally {
      stream.lock().unlock();
    }
    if (!fresh.isEmpty()) {
      givenUp.blocksRemoved();
    }
  }
}
