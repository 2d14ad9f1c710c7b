package dev.larder.tiering.prefetch;

import dev.larder.api.Digest;
import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.plugin.SpeedWindow;
import dev.larder.tiering.prefetch.PrefetchGate.Wish;
import dev.larder.tiering.swap.ArtifactSource.Resolved;
import dev.larder.tiering.swap.Swapper;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads ahead what the predictor foresees and the {@link PrefetchGate} lets through, one artifact
 * at a time. Learning and loading are on one thread of their own; a swap only leaves a note, and
 * one too many is forgotten.
 *
 * <p>Any thread.
 */
public final class Prefetcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
  private static final int QUEUE = 256;

  /** A predictor whose median call takes longer is withdrawn: it would fall behind. */
  private static final long SLOW_NANOS = Duration.ofMillis(5).toNanos();

  private static final int WINDOW = 64;

  private final PolicySelector<UsagePredictor> predictors;
  private final Swapper swapper;
  private final Executor thread;
  private final LongSupplier nanoTime;
  private final WeekClock week;
  private final CacheView cache;
  private final Learnt learnt;
  private final PrefetchGate gate = new PrefetchGate();
  private final SpeedWindow speed = new SpeedWindow(WINDOW, SLOW_NANOS);
  private final BlockingQueue<Use> uses = new ArrayBlockingQueue<>(QUEUE);
  private long tick; // guarded by this
  private long lastKey; // guarded by this
  private volatile boolean closed;

  private record Use(Digest digest, long stream, long nanos) {}

  /**
   * A prefetcher.
   *
   * @param predictors who foresees
   * @param swapper loads
   * @param cache what the gate asks of the RAM cache
   * @param thread runs one task after the other
   * @param file where what was learnt is kept
   * @param root of the file system, where it is seen whether the clock is right
   * @param clock in the zone of the machine
   */
  public Prefetcher(
      PolicySelector<UsagePredictor> predictors,
      Swapper swapper,
      CacheView cache,
      Executor thread,
      Path file,
      Path root,
      Clock clock,
      LongSupplier nanoTime) {
    this.predictors = predictors;
    this.swapper = swapper;
    this.cache = cache;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.week = new WeekClock(root, clock, nanoTime);
    this.learnt = new Learnt(new PredictionFile(file), cache, nanoTime);
  }

  /**
   * A model was swapped in. Takes microseconds.
   *
   * @param stream who asked; 0 if that is not known
   */
  public void swapped(Digest digest, long stream) {
    if (closed || isOff()) {
      return;
    }
    if (uses.offer(new Use(digest, stream, nanoTime.getAsLong()))) {
      try {
        thread.execute(this::work);
      } catch (RejectedExecutionException e) {
        LOG.debug("closed before {} was noted", digest, e);
      }
    }
  }

  private boolean isOff() {
    try (PolicyLease<UsagePredictor> lease = predictors.lease()) {
      return lease.builtIn();
    }
  }

  private void work() {
    Use use = uses.poll();
    if (use == null || closed) {
      return;
    }
    for (Wish wish : learn(use)) {
      if (closed || !uses.isEmpty()) {
        return; // there is news
      }
      load(wish);
    }
  }

  private void load(Wish wish) {
    Optional<Resolved> artifact = cache.find(wish.key());
    if (artifact.isEmpty()) {
      return;
    }
    expect(wish, true);
    boolean there = swapper.prefetch(artifact.get(), () -> closed);
    if (!there) {
      expect(wish, false);
    }
  }

  private synchronized void expect(Wish wish, boolean expected) {
    if (expected) {
      gate.started(wish);
    } else {
      gate.dropped(wish);
    }
  }

  private synchronized List<Wish> learn(Use use) {
    long key = use.digest.a();
    if (tick > 0 && key == lastKey) {
      return List.of(); // that it goes on being used tells nothing
    }
    lastKey = key;
    tick++;
    cache.used(use.digest);
    gate.asked(key, cache::expectNoMore);
    UsageEvent event = new UsageEvent(key, use.stream, tick, use.nanos, week.halfHour());
    try (PolicyLease<UsagePredictor> lease = predictors.lease()) {
      return lease.builtIn() ? List.of() : gate.choose(predictions(lease, event), cache);
    }
  }

  private List<Prediction> predictions(PolicyLease<UsagePredictor> lease, UsageEvent event) {
    long start = nanoTime.getAsLong();
    List<Prediction> predictions;
    try {
      learnt.handTo(lease);
      lease.policy().observe(event);
      predictions = List.copyOf(lease.policy().predict(event, PrefetchGate.PREDICTIONS));
      learnt.keep(lease);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      lease.withdraw("it threw " + e);
      return List.of();
    }
    long median = speed.add(lease.sequence(), nanoTime.getAsLong() - start);
    if (median > 0) {
      lease.withdraw("its median call takes " + median / 1000 + " µs");
    }
    return predictions;
  }

  /** Stops, and keeps what was learnt. */
  @Override
  public void close() {
    closed = true;
    uses.clear();
    synchronized (this) {
      try (PolicyLease<UsagePredictor> lease = predictors.lease()) {
        learnt.close(lease);
      }
    }
  }
}
