package dev.larder.bench.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Least recently used, exact. */
final class ExactLru implements SimulatedCache {

  private final long capacity;
  private final Map<Integer, Long> sizes = new LinkedHashMap<>(16, 0.75f, true);
  private long used;

  ExactLru(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public boolean access(int key, long size) {
    Long before = sizes.get(key);
    if (before != null) {
      used += size - before;
      sizes.put(key, size);
      evict();
      return true;
    }
    if (size <= capacity) {
      sizes.put(key, size);
      used += size;
      evict();
    }
    return false;
  }

  private void evict() {
    Iterator<Long> oldest = sizes.values().iterator();
    while (used > capacity) {
      used -= oldest.next();
      oldest.remove();
    }
  }
}
