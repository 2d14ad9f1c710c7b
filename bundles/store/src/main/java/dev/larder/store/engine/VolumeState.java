package dev.larder.store.engine;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.store.Measured;
import dev.larder.store.Stamp;
import dev.larder.store.VolumeContext;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.format.Superblock;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Formats;
import dev.larder.store.index.Journal;
import dev.larder.store.io.IoScheduler;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackStream;
import dev.larder.store.pack.Uninterrupted;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one open volume, and the figures that they share. */
public final class VolumeState implements PackStream.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(VolumeState.class);

  /** A card that collects its garbage may keep a read waiting for a second, but not for this. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Medium medium;
  private final VolumeContext context;
  private final Counters counters;
  private final Superblocks superblocks;
  private final VolumeErrors errors;
  private final BlockTable table = new BlockTable();
  private final Damage damage = new Damage(table);
  private final Formats formats = new Formats();
  private final Journal journal = new Journal();
  private final IoScheduler scheduler;
  private final PackFiles files;
  private final ManifestReader manifests;
  private final PackStream stream;
  private final UnsealedPacks unsealed;
  private final long writtenBefore;
  private int highestPack;
  private long nextSequence;
  private boolean wrote;
  private volatile long scrubbed;
  private volatile long reencoded;
  private volatile Optional<Measured> measured;

  VolumeState(Medium medium, VolumeContext context, Counters counters, Superblocks superblocks) {
    this.medium = medium;
    this.context = context;
    this.counters = counters;
    this.superblocks = superblocks;
    Superblock block = superblocks.current();
    this.errors = new VolumeErrors(block.volume(), medium.description());
    this.scheduler =
        new IoScheduler(
            errors.name(),
            () -> medium.profile().queueDepth(),
            PATIENCE,
            context.readers(),
            System::nanoTime);
    this.files = new PackFiles(medium, counters, scheduler);
    this.manifests = new ManifestReader(files, block.secret());
    this.stream = new PackStream(medium, errors, counters, files, table, formats, this);
    this.unsealed = new UnsealedPacks(medium, counters, files, table, formats, block.secret());
    this.writtenBefore = Math.max(0, block.bytesWritten() - counters.bytesWritten());
    this.highestPack = (int) block.packFloor();
    damage.restore(block.fields().quarantined());
    scrubbed = block.fields().scrubbed();
    reencoded = block.fields().reencoded();
    measured = block.fields().measured();
    journal.raise(block.sequenceFloor(), block.lamportFloor());
    observe(new Stamp(block.lamportFloor(), block.writer(), block.writerSequence(), 0));
  }

  /** The medium below. */
  public Medium medium() {
    return medium;
  }

  /** Surroundings. */
  public VolumeContext context() {
    return context;
  }

  /** Who reads the medium, and when. */
  public IoScheduler scheduler() {
    return scheduler;
  }

  /** What was done at the SPI. */
  public Counters counters() {
    return counters;
  }

  /** Wording of failures. */
  public VolumeErrors errors() {
    return errors;
  }

  /** Where blocks are. */
  public BlockTable table() {
    return table;
  }

  /** What is damaged. */
  public Damage damage() {
    return damage;
  }

  /** Number of the last pack that a scrub under way has passed; 0 if none is. */
  public long scrubbed() {
    return scrubbed;
  }

  /** Notes how far a scrub is; written with the next superblock. */
  void scrubbed(long pack) {
    scrubbed = pack;
  }

  /** Sequence number up to which all artifacts were encoded anew, or tried. */
  public long reencoded() {
    return reencoded;
  }

  /** Notes how far that is; written with the next superblock. */
  void reencoded(long sequence) {
    reencoded = sequence;
  }

  /** What a probe of the medium has found, by whatever gateway. */
  public Optional<Measured> measured() {
    return measured;
  }

  /** Notes what this gateway has found; written with the next superblock. */
  void measured(Measurement found) {
    measured = Optional.of(new Measured(context.stamps().gateway(), medium.description(), found));
  }

  /** Numbers of codecs. */
  public Formats formats() {
    return formats;
  }

  /** What the commit records say. */
  public Journal journal() {
    return journal;
  }

  /** The packs. */
  public PackFiles files() {
    return files;
  }

  /** Reads manifests. */
  public ManifestReader manifests() {
    return manifests;
  }

  /** The append stream. */
  public PackStream stream() {
    return stream;
  }

  /** The superblock that holds. */
  public Superblock superblock() {
    return superblocks.current();
  }

  /** Lets the gateway's counters run on from a stamp that was found. */
  final void observe(Stamp stamp) {
    if (stamp.lamport() < Layout.COUNTER_TRUSTED && stamp.sequence() < Layout.COUNTER_TRUSTED) {
      context.stamps().observe(stamp);
    }
  }

  UnsealedPacks unsealed() {
    return unsealed;
  }

  /** Notes a pack that is there. */
  void foundPack(int number) {
    highestPack = Math.max(highestPack, number);
  }

  /** The record of a replica. */
  public CommitRecord.Added added(Digest digest) throws LarderException {
    return Optional.ofNullable(journal.added(digest)).orElseThrow(() -> missing(digest));
  }

  /** A name that stands for it says that it was here. */
  private LarderException missing(Digest digest) {
    boolean named =
        damage.any()
            && journal.references().stream()
                .anyMatch(change -> change.target().equals(Optional.of(digest)));
    return named ? errors.corruptManifest(digest) : errors.notFound(digest);
  }

  /**
   * Next sequence number; the stream's lock is held.
   *
   * @throws LarderException {@code CORRUPT} if no later opening would believe it
   */
  long nextSequence() throws LarderException {
    long next = Math.max(nextSequence, journal.lastSequence()) + 1;
    if (next >= Layout.COUNTER_TRUSTED) {
      throw errors.usedUp();
    }
    nextSequence = next;
    return next;
  }

  /** Bytes kept for deletions and collection. */
  public long reserve(Capacity capacity) {
    return Math.max(capacity.totalBytes() / 100, 2 * packTarget());
  }

  /** Bytes that puts may still take. */
  public long freeForPuts() throws IOException {
    if (!medium.writable()) {
      return 0;
    }
    Capacity capacity = Uninterrupted.call(medium::capacity);
    return Math.max(0, capacity.freeBytes() - reserve(capacity));
  }

  /** Sees to it that there are two copies of the superblock. */
  void completeSuperblock() throws IOException {
    superblocks.complete();
  }

  /** Writes a superblock that knows what no pack may show soon; the stream's lock is held. */
  public void saveFloors() throws IOException {
    superblocks.write(updated(superblocks.current().epoch()));
  }

  /** Whether a scrub has come further, or more is kept aside, than the superblock says. */
  boolean marksChanged() {
    return !updated(epoch()).fields().equals(superblocks.current().fields());
  }

  /** Writes down how far a scrub is and what is kept aside, if this gateway is the writer. */
  void saveMarks() throws IOException {
    stream.lock().lock();
    try {
      boolean ours = superblocks.current().writer().equals(context.stamps().gateway());
      if (ours && stream.writable()) {
        saveFloors();
      }
    } finally {
      stream.lock().unlock();
    }
  }

  private Superblock updated(long epoch) {
    Superblock old = superblocks.current();
    UUID gateway = context.stamps().gateway();
    boolean another = !old.writer().equals(gateway);
    return new Superblock(
        old.generation(),
        old.volume(),
        epoch,
        gateway,
        old.unit(),
        old.packTarget(),
        old.secret(),
        bytesWritten(),
        highestPack,
        Math.max(nextSequence, journal.lastSequence()),
        journal.lastLamport(),
        Math.max(another ? 0 : old.writerSequence(), journal.lastSequenceOf(gateway)),
        old.fields()
            .withScrubbed(scrubbed)
            .withQuarantined(damage.quarantined())
            .withReencoded(reencoded)
            .withMeasured(measured));
  }

  /** Bytes handed to the medium since the volume was made. */
  public long bytesWritten() {
    long sum = writtenBefore + counters.bytesWritten();
    return sum < 0 ? Long.MAX_VALUE : sum; // a superblock may claim as much as it likes
  }

  @Override
  public void beginWriting() throws IOException {
    wrote = true;
    Superblock block = superblocks.current();
    if (!block.writer().equals(context.stamps().gateway())) {
      superblocks.write(updated(block.epoch() + 1));
    }
    sealUnsealed();
  }

  /** Gives footers to the packs that a crash has left without. */
  void sealUnsealed() throws IOException {
    if (unsealed.isEmpty()) {
      return;
    }
    unsealed.seal();
    try {
      saveSealed();
    } catch (MediumFullException e) {
      // Only the newest footer is not believed then, and its pack scanned, at the next opening.
      LOG.warn("{}: no room for a superblock: {}", errors().name(), e.getMessage());
    }
  }

  /**
   * Writes a superblock that says that all packs there are have been sealed: its highest number is
   * above theirs. The stream's lock is held.
   */
  void saveSealed() throws IOException {
    nextPack();
    saveFloors();
  }

  /** Whether something was written since the volume was opened. */
  boolean wrote() {
    return wrote;
  }

  @Override
  public int nextPack() throws IOException {
    if (highestPack >= Integer.MAX_VALUE - 1) {
      throw new IOException("there are no pack numbers left");
    }
    return ++highestPack;
  }

  @Override
  public UUID volume() {
    return superblocks.current().volume();
  }

  @Override
  public long secret() {
    return superblocks.current().secret();
  }

  @Override
  public long epoch() {
    return superblocks.current().epoch();
  }

  @Override
  public int unit() {
    return Math.max(superblocks.current().unit(), medium.profile().sectorBytes());
  }

  @Override
  public long packTarget() {
    return superblocks.current().packTarget();
  }
}
