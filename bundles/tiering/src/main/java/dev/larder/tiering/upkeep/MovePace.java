package dev.larder.tiering.upkeep;

import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * For moves that nobody waits for: stands still while a model is being loaded, and takes no more
 * than a part of what the media give. For one thread.
 */
final class MovePace implements Pace {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A quarter: whoever else reads or writes still has most of the medium. */
  private static final double SHARE = 0.25;

  private final BooleanSupplier loading;
  private final Cancellation cancellation;
  private final LongSupplier nanoTime;
  private final double bytesPerSecond;
  private long next;

  /**
   * Begins to move.
   *
   * @param loading whether a model is being loaded just now
   * @param mediumBytesPerSecond of the slower side of the two
   */
  MovePace(
      BooleanSupplier loading,
      long mediumBytesPerSecond,
      Cancellation cancellation,
      LongSupplier nanoTime) {
    this.loading = loading;
    this.cancellation = cancellation;
    this.nanoTime = nanoTime;
    this.bytesPerSecond = SHARE * mediumBytesPerSecond;
    this.next = nanoTime.getAsLong();
  }

  @Override
  public void spent(long bytes) {
    next += (long) (bytes / bytesPerSecond * 1e9);
    while (!cancellation.isCancelled()
        && (loading.getAsBoolean() || nanoTime.getAsLong() - next < 0)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
