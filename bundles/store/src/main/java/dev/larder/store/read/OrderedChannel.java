package dev.larder.store.read;

import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import dev.larder.store.Manifest;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A range of an artifact in order, with a few stretches of whole blocks read ahead by the workers.
 * While its reader pauses it holds only what it has read ahead; when all buffers for that are taken
 * it goes on block by block. For one reading thread; may be closed by any.
 */
public final class OrderedChannel implements ReadableByteChannel {

  private static final int MOST_AHEAD = 3;
  private static final int SMALL_BYTES = 64 << 10;

  private final Reader reader;
  private final Lane lane;
  private final Manifest manifest;
  private final long end;
  private final AheadBuffers buffers;
  private final Executor workers;
  private final VolumeErrors errors;
  private final ArrayDeque<Stretch> stretches = new ArrayDeque<>();
  private long planned;
  private int nextBlock;
  private volatile boolean closed;

  OrderedChannel(
      Reader reader,
      Lane lane,
      Manifest manifest,
      long offset,
      long length,
      AheadBuffers buffers,
      Executor workers,
      VolumeErrors errors) {
    this.reader = reader;
    this.lane = lane;
    this.manifest = manifest;
    this.planned = offset;
    this.end = offset + length;
    this.buffers = buffers;
    this.workers = workers;
    this.errors = errors;
    this.nextBlock = ExtentPlan.blockAt(manifest, offset);
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    plan();
    Stretch first = stretches.peek();
    if (first == null) {
      return -1;
    }
    ByteBuffer bytes = first.await(errors);
    int count = Math.min(target.remaining(), bytes.remaining());
    target.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    if (!bytes.hasRemaining()) {
      stretches.remove().abandon();
    }
    return count;
  }

  private void plan() {
    while (stretches.size() < MOST_AHEAD && planned < end) {
      ByteBuffer shared = buffers.tryAcquire();
      if (shared == null && !stretches.isEmpty()) {
        return;
      }
      long start = planned;
      int length = planStretch(shared == null ? SMALL_BYTES : shared.capacity());
      stretches.add(stretch(start, length, shared));
      if (stretches.size() > 1) {
        readAhead(stretches.getLast());
      }
    }
  }

  /** Whole blocks that fit, but at least one; at the ends of the range parts of them. */
  private int planStretch(int room) {
    long start = planned;
    do {
      planned = Math.min(end, blockEnd(nextBlock));
      nextBlock++;
    } while (planned < end && blockEnd(nextBlock) - start <= room);
    return (int) (planned - start);
  }

  private long blockEnd(int block) {
    return manifest.blockOffset(block) + manifest.blockLength(block);
  }

  private Stretch stretch(long start, int length, @Nullable ByteBuffer shared) {
    if (shared != null && length <= shared.capacity()) {
      return new Stretch(start, shared.slice(0, length), this::fill, () -> buffers.release(shared));
    }
    if (shared != null) {
      buffers.release(shared); // a single block that is longer
    }
    return new Stretch(start, ByteBuffer.allocate(length), this::fill, () -> {});
  }

  private void fill(long start, ByteBuffer target) throws IOException {
    Cancellation cancellation = () -> closed;
    reader.readHere(
        lane,
        manifest,
        start,
        target.capacity(),
        (at, part) -> target.put((int) (at - start), part, part.position(), part.remaining()),
        cancellation);
  }

  private void readAhead(Stretch stretch) {
    try {
      workers.execute(stretch);
    } catch (RejectedExecutionException e) {
      return; // the reading thread does it when it gets there
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true; // ends what is being read ahead
    synchronized (this) {
      stretches.forEach(Stretch::abandon);
      stretches.clear();
    }
  }
}
