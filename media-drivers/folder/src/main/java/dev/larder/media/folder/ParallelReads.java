package dev.larder.media.folder;

import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Reads with several under way at once for a bounded time, and counts. The caller's thread is one
 * of the readers; the others come from an executor, and where it has none free there are fewer. For
 * one thread at a time.
 */
final class ParallelReads {

  /** Most reads at once. */
  static final int MOST = 4;

  private final Executor executor;
  private final LongSupplier nanoTime;
  private final Cancellation cancellation;
  private final ByteBuffer[] buffers = new ByteBuffer[MOST];

  /**
   * With one buffer for each read at once.
   *
   * @param bytes most of one read
   * @param alignment of the buffers' addresses
   */
  ParallelReads(
      Executor executor,
      LongSupplier nanoTime,
      Cancellation cancellation,
      int bytes,
      int alignment) {
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.cancellation = cancellation;
    for (int i = 0; i < MOST; i++) {
      buffers[i] = ByteBuffer.allocateDirect(bytes + alignment).alignedSlice(alignment);
    }
  }

  /** One read. */
  interface Step {
    /**
     * Fills the buffer.
     *
     * @param number 0, 1, 2, … in the order in which reads begin
     */
    void read(ByteBuffer buffer, long number) throws IOException;
  }

  /**
   * Begins reads until the time is up; each reader does at least one.
   *
   * @param depth readers; 1 to {@link #MOST}
   * @param bytes of one read
   * @return reads a second
   */
  double run(int depth, int bytes, long nanos, Step step) throws IOException {
    Run run = new Run(bytes, nanoTime.getAsLong() + nanos, step);
    for (int reader = 1; reader < depth; reader++) {
      try {
        executor.execute(run::join);
      } catch (RejectedExecutionException e) {
        break; // then there are fewer
      }
    }
    return run.lead();
  }

  private final class Run {
    private final int bytes;
    private final long deadline;
    private final Step step;
    private final long started = nanoTime.getAsLong();
    private final Phaser readers = new Phaser(1);
    private final AtomicInteger nextBuffer = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    Run(int bytes, long deadline, Step step) {
      this.bytes = bytes;
      this.deadline = deadline;
      this.step = step;
    }

    /** A reader that comes when the others are through finds the phaser ended. */
    void join() {
      if (readers.register() >= 0) {
        read();
        readers.arriveAndDeregister();
      }
    }

    double lead() throws IOException {
      read();
      readers.awaitAdvance(readers.arriveAndDeregister());
      double seconds = Math.max(1, nanoTime.getAsLong() - started) / 1e9;
      Exception why = failure.get();
      if (why instanceof IOException io) {
        throw io;
      }
      if (why instanceof RuntimeException runtime) {
        throw runtime;
      }
      return begun.get() / seconds;
    }

    private void read() {
      ByteBuffer buffer = buffers[nextBuffer.getAndIncrement()];
      try {
        do {
          cancellation.check();
          step.read(buffer.clear().limit(bytes), begun.getAndIncrement());
        } while (nanoTime.getAsLong() < deadline && failure.get() == null);
      } catch (IOException | RuntimeException e) {
        failure.compareAndSet(null, e);
      }
    }
  }
}
