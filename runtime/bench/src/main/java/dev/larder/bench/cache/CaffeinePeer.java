package dev.larder.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * W-TinyLFU as the library Caffeine has it. Its weights have 31 bits: where an object may be
 * larger, bytes are counted in units that are as large as needed. Its maintenance runs in the
 * caller.
 */
final class CaffeinePeer implements SimulatedCache {

  private final long unit;
  private final Cache<Integer, Long> cache;

  CaffeinePeer(long capacity) {
    this.unit = (capacity >>> 31) + 1;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(capacity / unit)
            .weigher((Integer key, Long size) -> (int) Math.min(Integer.MAX_VALUE, units(size)))
            .executor(Runnable::run)
            .build();
  }

  private long units(long size) {
    return size / unit + (size % unit == 0 ? 0 : 1);
  }

  @Override
  public boolean access(int key, long size) {
    Long before = cache.getIfPresent(key);
    if (before == null || before != size) {
      cache.put(key, size);
    }
    return before != null;
  }
}
