package dev.larder.tiering.swap;

import dev.larder.api.ArtifactKind;
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

  /** A swap. */
  void swapped(SwapRequest request, SwapResult result, ArtifactKind kind);
}
