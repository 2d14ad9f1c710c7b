package dev.larder.store.read;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.store.BlockSink;
import dev.larder.store.BlocksAtHand;
import dev.larder.store.Lane;
import dev.larder.store.Manifest;
import dev.larder.store.ReadFigures;
import dev.larder.store.VolumeContext;
import dev.larder.store.index.BlockTable;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.VolumeErrors;
import dev.larder.store.work.Crew;
import dev.larder.store.work.Gate;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Reads artifacts of one volume. Thread-safe. */
public final class Reader {

  /** Longer extents gain nothing on any medium, and each read under way holds one in memory. */
  private static final int MOST_EXTENT = 1 << 20;

  private static final int MOST_SLOTS = 8;

  /** Of all extents that are held at once. */
  private static final int MOST_HELD = 4 << 20;

  private final Medium medium;
  private final BlockTable table;
  private final VolumeErrors errors;
  private final VolumeContext context;
  private final ExtentReader extents;
  private final Gate gate;
  private final AheadBuffers ahead = new AheadBuffers();
  private final int slots;

  /** Reads the packs of one volume. */
  public Reader(
      Medium medium,
      PackFiles files,
      BlockTable table,
      BlockReader blocks,
      VolumeErrors errors,
      VolumeContext context,
      Gate gate) {
    this.medium = medium;
    this.table = table;
    this.errors = errors;
    this.context = context;
    this.gate = gate;
    // The medium is kept busy while every core decodes.
    this.slots = Math.min(MOST_SLOTS, medium.profile().queueDepth() + context.parallelism());
    this.extents = new ExtentReader(files, table, blocks, errors, new ReadSlots(slots));
  }

  /**
   * Reads a range with all that the medium and the workers give. One of the workers first copies
   * what is at hand, while the others keep the medium busy.
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
    checkRange(manifest, offset, length);
    AtomicBoolean failed = new AtomicBoolean();
    Cancellation either = () -> failed.get() || gate.isClosed() || cancellation.isCancelled();
    ExtentPlan plan = plan(manifest, offset, length, atHand);
    ExtentReader.Purpose purpose = purpose(lane, manifest, atHand, sink, either);
    Tally tally = new Tally(new LongAdder(), new LongAdder());
    Crew crew = new Crew(context.workers(), slots - 1);
    for (int i = 1; i < slots && length > (long) i * purpose.extentBytes(); i++) {
      boolean copyFirst = i == 1;
      crew.submit(() -> drain(plan, copyFirst, purpose, tally, crew, failed));
    }
    drain(plan, false, purpose, tally, crew, failed);
    crew.finish();
    cancellation.check();
    gate.check();
    Throwable failure = crew.failure();
    if (failure != null) {
      throw errors.rethrow(failure);
    }
    return new ReadFigures(tally.read().sum(), tally.reused().sum());
  }

  private record Tally(LongAdder read, LongAdder reused) {}

  private void drain(
      ExtentPlan plan,
      boolean copyFirst,
      ExtentReader.Purpose purpose,
      Tally tally,
      Crew crew,
      AtomicBoolean failed) {
    try {
      Portion portion = plan.next(copyFirst);
      while (portion != null && !failed.get()) {
        ReadFigures done = extents.read(portion, purpose);
        tally.read().add(done.bytesRead());
        tally.reused().add(done.bytesReused());
        portion = plan.next(copyFirst);
      }
    } catch (IOException | RuntimeException | Error e) {
      crew.fail(e); // the first one counts, the others only follow from it
      failed.set(true);
    }
  }

  /** Reads a range on this thread alone, extent after extent. */
  ReadFigures readHere(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    return gate.pass(
        () -> {
          BlocksAtHand none = BlocksAtHand.NONE;
          ExtentPlan plan = plan(manifest, offset, length, none);
          ExtentReader.Purpose purpose = purpose(lane, manifest, none, sink, cancellation);
          ReadFigures total = ReadFigures.NOTHING;
          Portion portion = plan.next(false);
          while (portion != null) {
            total = total.plus(extents.read(portion, purpose));
            portion = plan.next(false);
          }
          return total;
        });
  }

  private ExtentPlan plan(Manifest manifest, long offset, long length, BlocksAtHand atHand) {
    return new ExtentPlan(manifest, offset, length, atHand, table, errors, extentBytes());
  }

  private ExtentReader.Purpose purpose(
      Lane lane,
      Manifest manifest,
      BlocksAtHand atHand,
      BlockSink sink,
      Cancellation cancellation) {
    MediaProfile profile = medium.profile();
    return new ExtentReader.Purpose(
        manifest.digest(),
        atHand,
        sink,
        cancellation,
        lane,
        profile.alignmentBytes(),
        extentBytes());
  }

  private int extentBytes() {
    int most = Math.min(MOST_EXTENT, Integer.highestOneBit(MOST_HELD / slots));
    return Math.min(most, medium.profile().extentBytes());
  }

  /** Fails unless a range is one of the artifact. */
  static void checkRange(Manifest manifest, long offset, long length) throws LarderException {
    if (offset < 0 || length < 0 || offset > manifest.size() - length) {
      throw LarderException.invalid(
          "bytes " + offset + " to " + (offset + length) + " of an artifact of " + manifest.size());
    }
  }

  /** Opens a range to be read in order. */
  public OrderedChannel open(Lane lane, Manifest manifest, long offset, long length)
      throws IOException {
    checkRange(manifest, offset, length);
    return new OrderedChannel(
        this, lane, manifest, offset, length, ahead, context.workers(), errors);
  }
}
