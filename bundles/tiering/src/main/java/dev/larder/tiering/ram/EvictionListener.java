package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.Statistics.EvictionCause;

/** Told of every artifact that left the RAM cache, on the thread that evicted it, with no lock. */
@FunctionalInterface
public interface EvictionListener {

  /** Listens to nothing. */
  EvictionListener NONE = (digest, size, cause) -> {};

  /** An eviction; the file is gone already. */
  void evicted(Digest digest, long size, EvictionCause cause);
}
