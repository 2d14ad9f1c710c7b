package dev.larder.store.read;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.store.BlockSink;
import dev.larder.store.Lane;
import dev.larder.store.Manifest;
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
  private static final int FEWEST_SLOTS = 4;

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
    int worthwhile = Math.max(FEWEST_SLOTS, 2 * context.parallelism());
    this.slots = Math.min(MOST_SLOTS, Math.min(worthwhile, medium.profile().queueDepth()));
    this.extents = new ExtentReader(files, table, blocks, errors, new ReadSlots(slots));
  }

  /** Reads a range with all that the medium and the workers give. */
  public long read(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    checkRange(manifest, offset, length);
    AtomicBoolean failed = new AtomicBoolean();
    Cancellation either = () -> failed.get() || gate.isClosed() || cancellation.isCancelled();
    ExtentPlan plan = plan(manifest, offset, length);
    ExtentReader.Purpose purpose = purpose(lane, manifest, sink, either);
    LongAdder total = new LongAdder();
    Crew crew = new Crew(context.workers(), slots - 1);
    for (int i = 1; i < slots && length > (long) i * purpose.extentBytes(); i++) {
      crew.submit(() -> drain(plan, purpose, total, crew, failed));
    }
    drain(plan, purpose, total, crew, failed);
    crew.finish();
    cancellation.check();
    gate.check();
    Throwable failure = crew.failure();
    if (failure != null) {
      throw errors.rethrow(failure);
    }
    return total.sum();
  }

  private void drain(
      ExtentPlan plan,
      ExtentReader.Purpose purpose,
      LongAdder total,
      Crew crew,
      AtomicBoolean failed) {
    try {
      for (Extent extent = plan.next(); extent != null && !failed.get(); extent = plan.next()) {
        total.add(extents.read(extent, purpose));
      }
    } catch (IOException | RuntimeException | Error e) {
      crew.fail(e); // the first one counts, the others only follow from it
      failed.set(true);
    }
  }

  /** Reads a range on this thread alone, extent after extent; returns its stored bytes. */
  long readHere(
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      BlockSink sink,
      Cancellation cancellation)
      throws IOException {
    return gate.pass(
        () -> {
          ExtentPlan plan = plan(manifest, offset, length);
          ExtentReader.Purpose purpose = purpose(lane, manifest, sink, cancellation);
          long total = 0;
          for (Extent extent = plan.next(); extent != null; extent = plan.next()) {
            total += extents.read(extent, purpose);
          }
          return total;
        });
  }

  private ExtentPlan plan(Manifest manifest, long offset, long length) {
    return new ExtentPlan(manifest, offset, length, table, errors, extentBytes());
  }

  private ExtentReader.Purpose purpose(
      Lane lane, Manifest manifest, BlockSink sink, Cancellation cancellation) {
    MediaProfile profile = medium.profile();
    return new ExtentReader.Purpose(
        manifest.digest(), sink, cancellation, lane, profile.alignmentBytes(), extentBytes());
  }

  private int extentBytes() {
    return Math.min(MOST_EXTENT, medium.profile().extentBytes());
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
