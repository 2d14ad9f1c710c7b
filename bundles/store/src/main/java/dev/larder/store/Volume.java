package dev.larder.store;

import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.store.engine.Engine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One volume, open for use by many threads. Failures are {@link LarderException}s that name the
 * volume and what to do.
 */
public final class Volume implements Closeable {

  private final Engine engine;

  private Volume(Engine engine) {
    this.engine = engine;
  }

  /**
   * Opens the volume on a medium, or makes one where there is none. Recovers what a crash has left:
   * afterwards every acknowledged commit is visible and nothing else.
   *
   * @throws LarderException {@code FORMAT_UNSUPPORTED}, {@code READ_ONLY} (none there and none can
   *     be made), {@code CORRUPT}, …
   */
  public static Volume open(Medium medium, VolumeContext context) throws IOException {
    return new Volume(Engine.open(medium, context));
  }

  /** Its name in the world. */
  public UUID uuid() {
    return engine.state().volume();
  }

  /** Raised whenever another gateway than the last one writes to it. */
  public long epoch() {
    return engine.state().epoch();
  }

  /** Sequence number of its newest durable commit record; 0 if there is none. */
  public long lastSequence() {
    return engine.state().journal().lastSequence();
  }

  /** Whether it takes changes. */
  public boolean writable() {
    return engine.writable();
  }

  /** The medium below. */
  public Medium medium() {
    return engine.state().medium();
  }

  /** What a probe of the medium has found, if this gateway has probed it as it is reached now. */
  public Optional<Measurement> measured() {
    UUID gateway = engine.state().context().stamps().gateway();
    return engine
        .state()
        .measured()
        .filter(found -> found.isOf(gateway, medium().description()))
        .map(Measured::found);
  }

  /**
   * Keeps what a probe has found on the volume, so that the next opening need not measure again. A
   * volume that another gateway wrote last gets it with the first write.
   */
  public void keep(Measurement found) throws IOException {
    engine.measured(found);
  }

  /**
   * Bytes that puts may still take: the medium's free room less the reserve for deletion and
   * collection.
   */
  public long freeForPuts() throws IOException {
    return engine.freeForPuts();
  }

  /** A replica, if it is here. */
  public Optional<ArtifactEntry> artifact(Digest digest) {
    return engine.state().journal().artifact(digest);
  }

  /** All replicas: a snapshot. */
  public Collection<ArtifactEntry> artifacts() {
    return engine.state().journal().artifacts();
  }

  /** All reference changes that it holds, tombstones too, in order of their stamps: a snapshot. */
  public List<ReferenceChange> references() {
    return engine.state().journal().references();
  }

  /**
   * Takes an artifact in. Blocks until its last block is handed to the medium; not yet durable, not
   * visible. Hashing and encoding run on the workers. Memory is bounded by parallelism × block
   * size.
   *
   * @throws LarderException {@code TIER_FULL}, {@code READ_ONLY}, {@code BODY_INCOMPLETE}, {@code
   *     CODEC_MISSING}, {@code IO_ERROR}
   */
  public StagedArtifact ingest(IngestSpec spec, ReadableByteChannel content) throws IOException {
    return engine.ingest(spec, content);
  }

  /**
   * Makes changes durable and visible, with one force that is shared with other commits under way.
   * Returns the sequence number of the last one. Works on a full volume for changes that add no
   * artifact.
   *
   * @throws LarderException {@code NOT_FOUND} if a reference's target is not here (a collection may
   *     have dropped it meanwhile)
   */
  public long commit(List<Change> changes) throws IOException {
    return engine.commit(changes);
  }

  /** Loads a manifest. */
  public Manifest manifest(Digest digest) throws IOException {
    return engine.manifest(digest);
  }

  /**
   * Reads a range of an artifact as fast as the medium can: blocks that are not at hand in pack
   * order, merged into extents, several under way, checksums checked, decoded on the workers; the
   * others are copied meanwhile. The caller's thread works too.
   *
   * @param lane how urgent it is
   * @param atHand blocks that need not be read; also asked for the bases of deltas
   * @throws LarderException {@code CORRUPT} (naming artifact, block and volume), {@code
   *     CODEC_MISSING}, {@code IO_ERROR}; that, too, if the medium does not answer
   */
  public ReadFigures read(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlocksAtHand atHand,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    return engine.read(lane, manifest, offset, length, atHand, sink, cancellation);
  }

  /**
   * The same with nothing at hand.
   *
   * @return encoded bytes that were read
   */
  public long read(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    return read(lane, manifest, offset, length, BlocksAtHand.NONE, sink, cancellation).bytesRead();
  }

  /** Reads a range in order, a few extents ahead. The caller closes it. */
  public ReadableByteChannel open(Lane lane, Manifest manifest, long offset, long length)
      throws IOException {
    return engine.open(lane, manifest, offset, length);
  }

  /** The same for somebody who waits. */
  public long read(
      Manifest manifest, long offset, long length, BlockSink sink, Cancellation cancellation)
      throws IOException {
    return read(Lane.SWAP, manifest, offset, length, sink, cancellation);
  }

  /** The same for somebody who waits. */
  public ReadableByteChannel open(Manifest manifest, long offset, long length) throws IOException {
    return open(Lane.SWAP, manifest, offset, length);
  }

  /** For how long its medium has not answered; zero if it does. */
  public Duration hungFor() {
    return engine.state().scheduler().hangs()
        ? engine.state().scheduler().hungFor()
        : Duration.ZERO;
  }

  /**
   * Encoded bytes of blocks that only this artifact uses, of all replicas here. Reads all
   * manifests.
   */
  public long exclusiveBytes(Digest digest) throws IOException {
    return engine.exclusiveBytes(digest);
  }

  /**
   * Drops replicas that nobody needs and gives their space back. Safe at every step against a
   * crash; puts and reads go on meanwhile.
   *
   * @param roots digests that are needed; asked once, while no commit of this volume is under way
   * @param neededChanges which reference changes must be kept (current, in the history, or
   *     tombstones); asked at the same moment
   * @param pace told of what is copied
   */
  public CollectionReport collect(
      Supplier<Set<Digest>> roots,
      Supplier<Set<ReferenceChange>> neededChanges,
      Pace pace,
      Cancellation cancellation)
      throws IOException {
    return engine.collect(roots, neededChanges, pace, cancellation);
  }

  /** The same at full speed. */
  public CollectionReport collect(
      Supplier<Set<Digest>> roots,
      Supplier<Set<ReferenceChange>> neededChanges,
      Cancellation cancellation)
      throws IOException {
    return collect(roots, neededChanges, Pace.UNLIMITED, cancellation);
  }

  /**
   * Reads every block and checks its SHA-256, and every manifest. What is found damaged is taken
   * anew by the next put of its content, and the packs that it lies in are kept aside: see {@link
   * #purge}. How far it is survives a restart.
   *
   * @param resume whether to go on where one stopped that did not end
   */
  public ScrubReport scrub(boolean resume, Pace pace, Cancellation cancellation)
      throws IOException {
    return engine.scrub(resume, pace, cancellation);
  }

  /**
   * Encodes anew, with more effort, what was put since the last time and takes a tenth less then:
   * each block is tried once, and no more than a quarter of what is stored is written at once. How
   * far it is survives a restart.
   *
   * @param pace told of what is read
   */
  public void reencode(Pace pace, Cancellation cancellation) throws IOException {
    engine.reencode(pace, cancellation);
  }

  /** Whether something was committed that {@link #reencode} has not tried. */
  public boolean reencodingDue() {
    return engine.state().reencoded() < engine.state().journal().lastSequence();
  }

  /** The same from the beginning and at full speed. */
  public ScrubReport scrub(Cancellation cancellation) throws IOException {
    return scrub(false, Pace.UNLIMITED, cancellation);
  }

  /** Whether a scrub was begun and has not ended. */
  public boolean scrubUnderWay() {
    return engine.state().scrubbed() > 0;
  }

  /**
   * Artifacts that damage concerns which a read, a scrub or the opening has found: their manifest
   * or one of their blocks is damaged or missing. A put of the same content makes one whole again.
   */
  public List<ArtifactEntry> damaged(Cancellation cancellation) throws IOException {
    return engine.damaged(cancellation);
  }

  /**
   * Reads every block of an artifact, so that all that is damaged of it is known and written anew
   * by the next {@link #ingest}.
   *
   * @return false if something is damaged, or the artifact is not here
   */
  public boolean check(Digest digest, Cancellation cancellation) throws IOException {
    return engine.check(digest, cancellation);
  }

  /** Damage that is known and was not replaced yet, for people. */
  public List<String> damage() {
    return engine.state().damage().findings();
  }

  /** Blocks and manifests that are known to be damaged and were not replaced yet. */
  public int damageCount() {
    return engine.state().damage().count();
  }

  /** How many packs are kept aside because damage was found in them. */
  public int quarantined() {
    return engine.state().damage().quarantined().size();
  }

  /**
   * Gives up the packs that are kept aside, so that the next collection may delete them: up to 64,
   * and no more than a hundredth of the medium or two packs, are kept for whoever wants to look
   * into the damage.
   *
   * @return how many they were
   */
  public int purge() throws IOException {
    return engine.purge();
  }

  /** Figures. */
  public VolumeStatistics statistics() throws IOException {
    return engine.statistics();
  }

  /** Seals what is open, so that the next opening reads footers only, and closes the medium. */
  @Override
  public void close() throws IOException {
    engine.close();
  }
}
