package dev.larder.tiering;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's threads: few, named, daemons; those that have had nothing to do for a while end.
 * They are never interrupted, because that would close the files they work on.
 */
final class Workers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final long IDLE_SECONDS = 20;

  /** Another one is made in no time, and there may be many. */
  private static final long READER_IDLE_SECONDS = 5;

  /** So many of the workers wait for a medium while the others keep the cores busy. */
  private static final int READING = 2;

  private static final int OPENERS = 4;
  private static final int MOST_FILLS = 64;
  private static final Duration END = Duration.ofSeconds(5);

  private final ThreadPoolExecutor store;
  private final ThreadPoolExecutor readers;
  private final ThreadPoolExecutor loaders;
  private final ThreadPoolExecutor openers;
  private final ThreadPoolExecutor maintenance;
  private final ThreadPoolExecutor scrubs;
  private final ThreadPoolExecutor fills;
  private final ThreadPoolExecutor policies;
  private final ThreadPoolExecutor prefetch;
  private final ScheduledThreadPoolExecutor timer;

  Workers(int cores) {
    store = pool("larder-worker", cores + READING);
    readers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // no more than the depths of all media
            READER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            named("larder-reader"));
    loaders = pool("larder-loader", Math.max(2, cores));
    openers = pool("larder-opener", OPENERS);
    maintenance = pool("larder-maintenance", 1);
    scrubs = pool("larder-scrub", 1);
    fills = pool("larder-fill", 1);
    fills.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // at the end
    policies =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // no more than policies that hang, and one
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            named("larder-policy"),
            new ThreadPoolExecutor.DiscardPolicy()); // at the end
    prefetch = pool("larder-prefetch", 1);
    timer = new ScheduledThreadPoolExecutor(1, named("larder-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  private static ThreadPoolExecutor pool(String name, int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((t, e) -> LOG.error("{} failed", t.getName(), e));
      return thread;
    };
  }

  /** Hashing, encoding, reading and decoding of blocks. */
  ExecutorService store() {
    return store;
  }

  /** Reads of media, each on a thread of its own: one that hangs keeps nobody else. */
  ExecutorService readers() {
    return readers;
  }

  /** Loads into the RAM cache. */
  ExecutorService loaders() {
    return loaders;
  }

  /** Opening and closing volumes. */
  ExecutorService openers() {
    return openers;
  }

  /** Work in the background, one after the other. */
  ExecutorService maintenance() {
    return maintenance;
  }

  /** Scrubs that are resumed, one after the other. */
  ExecutorService scrubs() {
    return scrubs;
  }

  /**
   * Copies to cache tiers, one after the other. One too many is left out: it comes again if it is
   * wanted again.
   */
  void fill(Runnable copy) {
    if (fills.getQueue().size() < MOST_FILLS) {
      fills.execute(copy);
    }
  }

  /** Calls into cache policies; one that hangs keeps its thread. */
  ExecutorService policies() {
    return policies;
  }

  /** Predictions, and loads of what they foresee, one after the other. */
  ExecutorService prefetch() {
    return prefetch;
  }

  /** Starts things at their time; its tasks are short. */
  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  /** Whether work in the background is under way or waits. */
  boolean maintaining() {
    return isBusy(maintenance) || isBusy(fills) || isBusy(prefetch);
  }

  private static boolean isBusy(ThreadPoolExecutor pool) {
    return pool.getActiveCount() > 0 || !pool.getQueue().isEmpty();
  }

  /** Ends what waits for its time, and loads and background work that has not begun. */
  void stopStarting() {
    timer.shutdown();
    maintenance.shutdown();
    maintenance.getQueue().clear();
    scrubs.shutdown();
    scrubs.getQueue().clear();
    fills.shutdown();
    fills.getQueue().clear();
    policies.shutdown();
    prefetch.shutdown();
    prefetch.getQueue().clear();
    loaders.shutdown();
  }

  /** Lets what is under way end, for a bounded time. */
  @Override
  public void close() {
    stopStarting();
    List<ThreadPoolExecutor> all =
        List.of(maintenance, scrubs, fills, prefetch, loaders, openers, store, readers);
    all.forEach(ThreadPoolExecutor::shutdown);
    long deadline = System.nanoTime() + END.toNanos();
    try {
      for (ThreadPoolExecutor pool : all) {
        pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
