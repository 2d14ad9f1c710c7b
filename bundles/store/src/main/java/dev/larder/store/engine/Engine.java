package dev.larder.store.engine;

import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.BlockSink;
import dev.larder.store.BlocksAtHand;
import dev.larder.store.Change;
import dev.larder.store.IngestSpec;
import dev.larder.store.Lane;
import dev.larder.store.Manifest;
import dev.larder.store.Pace;
import dev.larder.store.ReadFigures;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import dev.larder.store.VolumeContext;
import dev.larder.store.VolumeStatistics;
import dev.larder.store.collect.Collector;
import dev.larder.store.collect.DamagedArtifacts;
import dev.larder.store.collect.ExclusiveBytes;
import dev.larder.store.collect.Scrubber;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.index.BlockList;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.StoredManifest;
import dev.larder.store.ingest.Ingestor;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.pack.Uninterrupted;
import dev.larder.store.read.BlockReader;
import dev.larder.store.read.PackBlocks;
import dev.larder.store.read.Reader;
import dev.larder.store.work.Gate;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open volume: its state, and who works on it. Thread-safe. */
public final class Engine implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final VolumeState state;
  private final Gate gate;
  private final Committer committer;
  private final Ingestor ingestor;
  private final BlockReader blocks;
  private final Reader reader;
  private final Collector collector;

  private Engine(VolumeState state) {
    this.state = state;
    this.gate = new Gate(state.errors()::closed);
    this.committer = new Committer(state);
    VolumeContext context = state.context();
    this.blocks =
        new BlockReader(
            state.files(),
            state.table(),
            state.damage(),
            state.formats(),
            context.codecs(),
            state.errors());
    this.ingestor =
        new Ingestor(
            state.stream(),
            state.table(),
            state.formats(),
            state.journal(),
            state.damage(),
            state.manifests(),
            blocks,
            state.errors(),
            context,
            state::freeForPuts,
            this::freeAborted);
    this.reader =
        new Reader(
            state.medium(), state.files(), state.table(), blocks, state.errors(), context, gate);
    this.collector =
        new Collector(new Collectable(state, committer, ingestor.inFlight(), this::packBlocks));
  }

  private PackBlocks packBlocks() {
    return packBlocks(Lane.MIGRATION);
  }

  private PackBlocks packBlocks(Lane lane) {
    return new PackBlocks(state.files(), state.table(), blocks, lane);
  }

  /** Opens or makes a volume. */
  public static Engine open(Medium medium, VolumeContext context) throws IOException {
    return new Engine(Recovery.open(medium, context));
  }

  /** Its parts. */
  public VolumeState state() {
    return state;
  }

  /** Whether it takes changes. */
  public boolean writable() {
    return !gate.isClosed() && state.stream().writable();
  }

  /** Bytes that puts may still take. */
  public long freeForPuts() throws IOException {
    return operate(state::freeForPuts);
  }

  /** Takes an artifact in. */
  public StagedArtifact ingest(IngestSpec spec, ReadableByteChannel content) throws IOException {
    gate.check(); // not held open: a content may take for ever, and appending to it fails once
    // closed
    return ingestor.ingest(spec, content);
  }

  /** Makes changes durable. */
  public long commit(List<Change> changes) throws IOException {
    return operate(() -> committer.commit(changes));
  }

  /** Loads a manifest. */
  public Manifest manifest(Digest digest) throws IOException {
    return operate(() -> load(digest));
  }

  private Manifest load(Digest digest) throws IOException {
    while (true) {
      CommitRecord.Added added = state.added(digest);
      BlockList list = new BlockList();
      try {
        Optional<ManifestHead> head = state.manifests().read(added, list::add);
        return new StoredManifest(
            head.orElseThrow(() -> state.errors().corruptManifest(digest)), list);
      } catch (PackGoneException e) {
        gate.check();
        LOG.debug("{}: the manifest of {} was moved", state.errors().name(), digest);
      }
    }
  }

  /** Reads a range with all that the medium and the workers give. */
  public ReadFigures read(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlocksAtHand atHand,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    return operate(() -> reader.read(lane, manifest, offset, length, atHand, sink, cancellation));
  }

  /** Opens a range to be read in order. */
  public ReadableByteChannel open(Lane lane, Manifest manifest, long offset, long length)
      throws IOException {
    return operate(() -> reader.open(lane, manifest, offset, length));
  }

  /** Encoded bytes that only one artifact uses. */
  public long exclusiveBytes(Digest digest) throws IOException {
    ExclusiveBytes exclusive =
        new ExclusiveBytes(state.journal(), state.manifests(), state.table());
    return operate(() -> exclusive(exclusive, digest));
  }

  private long exclusive(ExclusiveBytes exclusive, Digest digest) throws IOException {
    while (true) {
      try {
        return exclusive.of(state.added(digest));
      } catch (PackGoneException e) {
        gate.check();
        LOG.debug("{}: a manifest was moved meanwhile", state.errors().name());
      }
    }
  }

  /** Drops what nobody needs. */
  public CollectionReport collect(
      Supplier<Set<Digest>> roots,
      Supplier<Set<ReferenceChange>> needed,
      Pace pace,
      Cancellation cancellation)
      throws IOException {
    Cancellation either = () -> gate.isClosed() || cancellation.isCancelled();
    return operate(() -> collector.collect(roots, needed, pace, either));
  }

  /** Encodes anew what takes clearly less with more effort. */
  public void reencode(Pace pace, Cancellation cancellation) throws IOException {
    Cancellation either = () -> gate.isClosed() || cancellation.isCancelled();
    operate(
        () -> {
          collector.reencode(state.reencoded(), state::reencoded, pace, either);
          state.saveMarks();
          return true;
        });
  }

  /** Keeps what a probe of the medium has found on the volume. */
  public void measured(Measurement found) throws IOException {
    operate(
        () -> {
          state.measured(found);
          state.saveMarks();
          return true;
        });
  }

  private void freeAborted() {
    try {
      gate.pass(
          () -> {
            collector.deleteDead();
            return true;
          });
    } catch (IOException e) {
      LOG.debug("{}: closed before an aborted put was freed", state.errors().name());
    }
  }

  /** Reads everything and checks it. */
  public ScrubReport scrub(boolean resume, Pace pace, Cancellation cancellation)
      throws IOException {
    Cancellation either = () -> gate.isClosed() || cancellation.isCancelled();
    Scrubber scrubber =
        new Scrubber(
            state.files(),
            packBlocks(Lane.SCRUB),
            state.journal(),
            state.manifests(),
            state.damage());
    ScrubMark mark = new ScrubMark(state, resume ? state.scrubbed() : 0);
    return operate(
        () -> {
          ScrubReport report = scrubber.run(mark.begin(), pace, mark, either);
          mark.done();
          return report;
        });
  }

  /** Artifacts that known damage concerns. */
  public List<ArtifactEntry> damaged(Cancellation cancellation) throws IOException {
    return operate(() -> damagedArtifacts().find(cancellation));
  }

  /** Whether every block of an artifact is what was written. */
  public boolean check(Digest digest, Cancellation cancellation) throws IOException {
    return operate(() -> damagedArtifacts().check(digest, cancellation));
  }

  private DamagedArtifacts damagedArtifacts() {
    return new DamagedArtifacts(
        state.journal(), state.manifests(), state.table(), state.damage(), packBlocks());
  }

  /** Gives up what is kept aside; returns how many packs that were. */
  public int purge() throws IOException {
    return operate(
        () -> {
          List<Integer> packs = state.damage().quarantined();
          packs.forEach(state.damage()::release);
          return packs.size();
        });
  }

  /** Figures. */
  public VolumeStatistics statistics() throws IOException {
    return operate(
        () -> {
          BlockTable table = state.table();
          Counters counters = state.counters();
          return new VolumeStatistics(
              table.size(),
              table.rawBytes(),
              table.storedBytes(),
              state.files().count(),
              Uninterrupted.call(state.medium()::capacity).allocatedBytes(),
              state.bytesWritten(),
              counters.bytesRead(),
              counters.reads(),
              counters.readLatencyMicros(),
              counters.readBytesPerSecond(),
              counters.forces(),
              table.bytes());
        });
  }

  private <T> T operate(Gate.Operation<T> operation) throws IOException {
    try {
      return gate.pass(operation);
    } catch (IOException e) {
      throw state.errors().wrap(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!gate.close()) {
      return;
    }
    try {
      shutDown();
    } catch (IOException e) {
      throw state.errors().wrap(e);
    } finally {
      state.medium().close();
    }
  }

  private void shutDown() throws IOException {
    state.stream().lock().lock();
    try {
      if (state.wrote() && state.stream().writable()) {
        if (!state.stream().discardIfDead()) {
          state.stream().seal();
        }
        state.saveSealed();
      } else if (state.marksChanged()) {
        state.saveMarks();
      }
    } finally {
      state.stream().close();
      state.files().close();
      state.stream().lock().unlock();
    }
  }
}
