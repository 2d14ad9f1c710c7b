package dev.larder.tiering.swap;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;

/**
 * Told of every swap that succeeded, on the caller's thread and after the result is certain. Must
 * take microseconds only: a resident swap is to take well under a millisecond.
 */
@FunctionalInterface
public interface SwapListener {

  /** Listens to nothing. */
  SwapListener NONE = (request, result, kind) -> {};

  /**
   * An artifact was loaded from a tier, once for all who wait for it, and also where nobody waits
   * any more. On the loader's thread.
   *
   * @param level the slowest it came from
   */
  default void loaded(Digest digest, SwapLevel level) {}

  /** A swap. */
  void swapped(SwapRequest request, SwapResult result, ArtifactKind kind);
}
