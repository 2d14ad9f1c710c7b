package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Who has how many bytes of the RAM cache. Under the cache's lock. */
final class Books {

  private final long limit;
  private final Map<Digest, Integer> loads = new HashMap<>();
  private long used; // residents, loads under way, and what is being freed
  private long freeing;
  private long loading; // bytes that loads under way may still take from the file system
  private int holds;

  Books(long limit) {
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  long used() {
    return used;
  }

  long freeing() {
    return freeing;
  }

  /** What is being loaded. */
  Set<Digest> loads() {
    return loads.keySet();
  }

  /**
   * Bytes that must go before an artifact fits; 0 or less if it does.
   *
   * @param usable bytes that the file system has left
   */
  long missing(long size, long usable) {
    return Math.max(used + size - limit, loading + size - usable);
  }

  /** Whether room may come without any lease ending. */
  boolean somethingUnderWay() {
    return freeing > 0 || holds > 0 || !loads.isEmpty();
  }

  void reserve(Digest digest, long size) {
    used += size;
    loading += size;
    loads.merge(digest, 1, Integer::sum);
  }

  private void loaded(Digest digest, long size) {
    loading -= size;
    loads.computeIfPresent(digest, (d, count) -> count == 1 ? null : count - 1);
  }

  /** A load has become a resident. */
  void admit(Digest digest, long size) {
    loaded(digest, size);
  }

  /** A load has failed, or has replaced a file of the same content. */
  void abandon(Digest digest, long size) {
    loaded(digest, size);
    used -= size;
  }

  void hold(Resident resident) {
    resident.holds++;
    holds++;
  }

  void unhold(Resident resident) {
    resident.holds--;
    holds--;
  }

  void detach(long size) {
    freeing += size;
  }

  void freed(long size, boolean gone) {
    freeing -= size;
    if (gone) {
      used -= size;
    }
  }
}
