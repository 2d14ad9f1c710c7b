package dev.larder.tiering.upkeep;

import dev.larder.store.Pace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Leaves most of the time to models that are being loaded: while there are any, work in the
 * background rests several times as long as it worked. It still ends, even if there always are. For
 * one thread.
 */
final class Courtesy implements Pace {

  private static final int REST = 3;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;
  private long resumed;

  /**
   * Begins to work.
   *
   * @param loading whether a model is being loaded just now
   */
  Courtesy(BooleanSupplier loading, LongSupplier nanoTime) {
    this.loading = loading;
    this.nanoTime = nanoTime;
    this.resumed = nanoTime.getAsLong();
  }

  @Override
  public void spent(long bytes) {
    long now = nanoTime.getAsLong();
    long end = now + Math.min(MOST_NANOS, REST * (now - resumed));
    while (loading.getAsBoolean() && nanoTime.getAsLong() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    resumed = nanoTime.getAsLong();
  }
}
