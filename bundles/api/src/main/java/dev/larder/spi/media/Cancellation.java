package dev.larder.spi.media;

import java.util.concurrent.CancellationException;

/**
 * Tells a long call that nobody waits for it any more. Threads are never interrupted: that would
 * close their channels.
 */
@FunctionalInterface
public interface Cancellation {

  /** Never cancelled. */
  Cancellation NEVER = () -> false;

  /** Whether to stop. Cheap; may be asked often. */
  boolean isCancelled();

  /** Stops the caller if so. */
  default void check() {
    if (isCancelled()) {
      throw new CancellationException();
    }
  }
}
