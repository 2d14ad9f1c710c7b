package dev.larder.store.read;

import dev.larder.spi.media.Cancellation;
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
 * A range of an artifact in order, with a few stretches read ahead by the workers. While its reader
 * pauses it holds only its own few buffers, never one of the volume's. For one reading thread; may
 * be closed by any.
 */
public final class OrderedChannel implements ReadableByteChannel {

  private static final int STRETCH_BYTES = 512 << 10;
  private static final int AHEAD = 3;

  private final Reader reader;
  private final Manifest manifest;
  private final long end;
  private final Executor workers;
  private final VolumeErrors errors;
  private final ArrayDeque<Stretch> stretches = new ArrayDeque<>();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private long planned;
  private volatile boolean closed;

  OrderedChannel(
      Reader reader,
      Manifest manifest,
      long offset,
      long length,
      Executor workers,
      VolumeErrors errors) {
    this.reader = reader;
    this.manifest = manifest;
    this.planned = offset;
    this.end = offset + length;
    this.workers = workers;
    this.errors = errors;
  }

  /** Some bytes of the range, read by a worker, or by the reading thread if it comes first. */
  private final class Stretch implements Runnable {
    private final long offset;
    private final ByteBuffer bytes;
    private boolean begun;
    private boolean done;
    private @Nullable Throwable failure;

    Stretch(long offset, ByteBuffer bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      synchronized (this) {
        if (begun) {
          return;
        }
        begun = true;
      }
      Throwable problem = null;
      try {
        Cancellation cancellation = () -> closed;
        reader.readHere(manifest, offset, bytes.capacity(), this::take, cancellation);
      } catch (IOException | RuntimeException | Error e) {
        problem = e;
      }
      synchronized (this) {
        failure = problem;
        done = true;
        notifyAll();
      }
    }

    private void take(long at, ByteBuffer part) {
      int length = part.remaining();
      bytes.put((int) (at - offset), part, part.position(), length);
    }

    ByteBuffer await() throws IOException {
      run();
      boolean interrupted = false;
      synchronized (this) {
        while (!done) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true; // a worker is reading it and will be done soon
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw errors.rethrow(failure);
      }
      return bytes;
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
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
    ByteBuffer bytes = first.await();
    int count = Math.min(target.remaining(), bytes.remaining());
    target.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    if (!bytes.hasRemaining()) {
      stretches.remove();
      recycle(bytes);
    }
    return count;
  }

  private void recycle(ByteBuffer bytes) {
    if (bytes.capacity() == STRETCH_BYTES) {
      free.add(bytes.clear());
    }
  }

  private void plan() {
    while (stretches.size() < AHEAD && planned < end) {
      int length = (int) Math.min(STRETCH_BYTES, end - planned);
      ByteBuffer buffer = free.poll();
      if (buffer == null || length < STRETCH_BYTES) {
        buffer = ByteBuffer.allocate(length);
      }
      Stretch stretch = new Stretch(planned, buffer);
      planned += length;
      stretches.add(stretch);
      if (stretches.size() > 1) {
        readAhead(stretch);
      }
    }
  }

  private void readAhead(Stretch stretch) {
    try {
      workers.execute(stretch);
    } catch (RejectedExecutionException e) {
      // The reading thread does it when it gets there.
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
