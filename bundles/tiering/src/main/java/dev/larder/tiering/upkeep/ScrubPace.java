package dev.larder.tiering.upkeep;

import dev.larder.store.Pace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Holds a scrub to a rate, and lets models that are being loaded go first. For one thread. */
final class ScrubPace implements Pace {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final long bytesPerSecond;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;

  /** When all that was spent has been earned. */
  private long due;

  ScrubPace(long bytesPerSecond, BooleanSupplier loading, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.loading = loading;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  @Override
  public void spent(long bytes) {
    long now = nanoTime.getAsLong();
    due = Math.max(due, now) + (long) (bytes * 1e9 / bytesPerSecond);
    long until = Math.min(due, now + MOST_NANOS);
    park(until - now);
    long patience = nanoTime.getAsLong() + MOST_NANOS; // and no more: a scrub must end some day
    while (loading.getAsBoolean() && nanoTime.getAsLong() - patience < 0) {
      park(LOOK_NANOS);
    }
  }

  private static void park(long nanos) {
    if (nanos > 0) {
      LockSupport.parkNanos(nanos);
    }
  }
}
