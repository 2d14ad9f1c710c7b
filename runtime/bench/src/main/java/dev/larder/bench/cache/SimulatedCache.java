package dev.larder.bench.cache;

/** A cache without content, for one trace. Not safe for use by several threads. */
public interface SimulatedCache {

  /**
   * An access.
   *
   * @param key number of the key in the trace
   * @param size bytes; an object that is larger than the cache is a miss
   * @return whether it was a hit
   */
  boolean access(int key, long size);
}
