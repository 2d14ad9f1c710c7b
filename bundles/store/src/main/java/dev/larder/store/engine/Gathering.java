package dev.larder.store.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a force wait a moment for commits that are likely to come. Clients that put one thing after
 * another are back soon after their last commit: while one half waits for its force the other half
 * gets ready, so that each force would cover a half, at the price of a whole one in time and, on a
 * journalling file system, in bytes.
 *
 * <p>It waits until as many are there as were lately under way, for each one no longer than the
 * last force took, or 20 ms, and no longer than 60 ms in all. Whoever commits alone never waits.
 * Thread-safe.
 */
final class Gathering {

  private static final long LONGEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition another = lock.newCondition();
  private int waiting;
  private int underWay;
  private long forceNanos;

  /** A commit is waiting for a force. */
  void arrived() {
    lock.lock();
    try {
      waiting++;
      another.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for more commits, if more are likely. Called by who is about to force. */
  void await() {
    lock.lock();
    try {
      long started = System.nanoTime();
      boolean oneMore = underWay > 1;
      while (oneMore && waiting < underWay && System.nanoTime() - started < LONGEST_NANOS) {
        oneMore = awaitAnother();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it forces at once
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitAnother() throws InterruptedException {
    int before = waiting;
    long nanos = Math.min(forceNanos, LONGEST_GAP_NANOS);
    while (waiting == before && nanos > 0) {
      nanos = another.awaitNanos(nanos);
    }
    return waiting > before;
  }

  /**
   * A force has ended.
   *
   * @param covered commits that waited for it
   * @param nanos what it took
   */
  void forced(int covered, long nanos) {
    lock.lock();
    try {
      waiting -= covered;
      underWay = covered + waiting;
      forceNanos = nanos;
    } finally {
      lock.unlock();
    }
  }
}
