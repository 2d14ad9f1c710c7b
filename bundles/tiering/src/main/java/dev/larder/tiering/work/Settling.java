package dev.larder.tiering.work;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Lets requests wait until the tiers have found out what state they are in. Any thread. */
public final class Settling {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Duration patience;
  private final AtomicLong changes = new AtomicLong();
  private volatile BooleanSupplier settled = () -> false;

  /**
   * Nothing is settled yet.
   *
   * @param patience how long {@link #await} waits
   */
  public Settling(Duration patience) {
    this.patience = patience;
  }

  /** Says how to find out. */
  public void by(BooleanSupplier condition) {
    settled = condition;
    changed();
  }

  /** A tier has changed its state, or there is another tier. */
  public void changed() {
    changes.incrementAndGet();
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Grows with every change: tells whether something has happened between two moments. */
  long changes() {
    return changes.get();
  }

  /** Whether all is settled. */
  public boolean isSettled() {
    return settled.getAsBoolean();
  }

  /** Waits until all is settled or the patience ends, whichever is first. */
  public void await() throws LarderException {
    await(patience);
  }

  /** Waits until all is settled; false if that takes longer. */
  public boolean await(Duration atMost) throws LarderException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!settled.getAsBoolean() && left > 0) {
        // The condition is also looked at from time to time: not all that matters to it tells.
        long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
        left -= step - Math.max(0, changed.awaitNanos(step));
      }
      return settled.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "interrupted while the tiers opened", "try again", e);
    } finally {
      lock.unlock();
    }
  }
}
