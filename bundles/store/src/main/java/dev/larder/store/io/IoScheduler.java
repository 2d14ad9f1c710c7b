package dev.larder.store.io;

import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one medium: as many at once as it takes with profit, the most urgent lane first.
 * Every eighth goes to the one that waits longest, whatever its lane, so that none starves.
 *
 * <p>They run on threads of their own, so that a caller has an answer although the medium has none:
 * if a read takes longer than anybody's patience, it and all that wait fail, and new ones fail at
 * once, until the medium answers again. Any thread.
 */
public final class IoScheduler {

  private static final int FAIR = 8;

  /** So often it is asked whether a caller still wants to wait. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final String volume;
  private final IntSupplier depth;
  private final Duration patience;
  private final Executor threads;
  private final LongSupplier nanoTime;
  private final Map<Lane, ArrayDeque<Request<?>>> waiting = new EnumMap<>(Lane.class);
  private final List<Request<?>> running = new ArrayList<>();
  private int servers;
  private int served;

  /**
   * A scheduler.
   *
   * @param volume what it reads, for errors
   * @param depth reads at once, 1 or more
   * @param patience how long a read may take
   * @param threads one for each read; if it runs them on the caller's, patience has no end
   * @param nanoTime monotonic clock
   */
  public IoScheduler(
      String volume,
      IntSupplier depth,
      Duration patience,
      Executor threads,
      LongSupplier nanoTime) {
    this.volume = volume;
    this.depth = depth;
    this.patience = patience;
    this.threads = threads;
    this.nanoTime = nanoTime;
    for (Lane lane : Lane.values()) {
      waiting.put(lane, new ArrayDeque<>());
    }
  }

  /** A read. */
  public interface Read<T> {
    /** Does it. */
    T run() throws IOException;
  }

  private static final class Request<T> {
    private final Read<T> read;
    private final Runnable ended;
    private final long queued;
    private long started;
    private final CountDownLatch done = new CountDownLatch(1); // a monitor for each would add up
    private @Nullable T result; // written before done, as the next one
    private @Nullable Throwable failure;

    Request(Read<T> read, Runnable ended, long queued) {
      this.read = read;
      this.ended = ended;
      this.queued = queued;
    }

    void run() {
      try {
        result = read.run();
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      }
      ended.run();
      done.countDown();
    }

    boolean await(Duration most) throws InterruptedException {
      return done.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("NullAway") // null only where the read's result is
    T answer() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      return result;
    }
  }

  /**
   * Reads, in its turn.
   *
   * @param ended run when the read has ended or will never begin, also after this call has given
   *     up; quick
   * @throws MediumHungException if the medium does not answer
   */
  public <T> T call(Lane lane, Cancellation cancellation, Read<T> read, Runnable ended)
      throws IOException {
    Request<T> request = new Request<>(read, ended, nanoTime.getAsLong());
    boolean entered = false;
    try {
      enter(lane, request);
      entered = true;
    } finally {
      if (!entered) {
        ended.run();
      }
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (request.await(LOOK)) {
            return request.answer();
          }
        } catch (InterruptedException e) {
          interrupted = true; // the buffer is not the caller's before the read has ended
        }
        giveUp(lane, request, cancellation);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets a read wait for its turn; if it throws, the read will never begin. */
  private void enter(Lane lane, Request<?> request) throws MediumHungException {
    synchronized (this) {
      Duration hung = hungFor();
      if (hung.compareTo(patience) > 0) {
        throw new MediumHungException(volume, hung);
      }
      queue(lane).add(request);
      if (servers >= Math.max(1, depth.getAsInt())) {
        return;
      }
      servers++;
    }
    try {
      threads.execute(this::serve);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        servers--;
        if (queue(lane).remove(request)) {
          throw e;
        }
      } // else another server has taken it
    }
  }

  /** Throws if it is of no use to wait any longer. */
  private void giveUp(Lane lane, Request<?> request, Cancellation cancellation) throws IOException {
    boolean cancelled = cancellation.isCancelled();
    Duration hung;
    boolean hangs;
    boolean waited;
    synchronized (this) {
      hung = hungFor();
      hangs = hung.compareTo(patience) > 0;
      waited = (cancelled || hangs) && queue(lane).remove(request);
    }
    if (waited) {
      request.ended.run(); // nobody else will
    }
    if (hangs) {
      throw new MediumHungException(volume, hung);
    }
    if (waited) {
      throw new CancellationException("nobody waits for the read any more");
    }
  }

  /** For how long the oldest read has been under way; zero if none is. */
  public synchronized Duration hungFor() {
    long now = nanoTime.getAsLong();
    long longest = 0;
    for (Request<?> request : running) {
      longest = Math.max(longest, now - request.started);
    }
    return Duration.ofNanos(longest);
  }

  /** Whether reads are taking longer than anybody waits. */
  public boolean hangs() {
    return hungFor().compareTo(patience) > 0;
  }

  /** Reads that have not begun. */
  synchronized int waiting() {
    return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
  }

  private void serve() {
    for (Request<?> request = next(null); request != null; request = next(request)) {
      request.run();
    }
  }

  private synchronized @Nullable Request<?> next(@Nullable Request<?> before) {
    running.remove(before);
    Request<?> request = servers > Math.max(1, depth.getAsInt()) ? null : choose();
    if (request == null) {
      servers--;
      return null;
    }
    request.started = nanoTime.getAsLong();
    running.add(request);
    return request;
  }

  private @Nullable Request<?> choose() {
    served++;
    ArrayDeque<Request<?>> chosen = null;
    for (ArrayDeque<Request<?>> queue : waiting.values()) {
      if (!queue.isEmpty() && (chosen == null || (served % FAIR == 0 && isOlder(queue, chosen)))) {
        chosen = queue;
      }
    }
    return chosen == null ? null : chosen.poll();
  }

  private static boolean isOlder(ArrayDeque<Request<?>> queue, ArrayDeque<Request<?>> than) {
    return queue.element().queued - than.element().queued < 0;
  }

  private ArrayDeque<Request<?>> queue(Lane lane) {
    ArrayDeque<Request<?>> queue = waiting.get(lane);
    if (queue == null) {
      throw new IllegalArgumentException(lane.toString());
    }
    return queue;
  }
}
