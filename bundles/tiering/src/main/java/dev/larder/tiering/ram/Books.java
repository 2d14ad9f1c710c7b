package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who has how many bytes of the RAM cache. Under the cache's lock. */
final class Books {

  private final long limit;
  private final Map<Digest, Integer> loads = new HashMap<>();
  private final Set<RamFile> files = new HashSet<>();
  private long used; // residents, loads under way, and what is being freed
  private long freeing;
  private long starting; // bytes of loads whose file is not there yet
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
    return Math.max(used + size - limit, unwritten() + size - usable);
  }

  /** Bytes that loads under way will still take from the file system. */
  private long unwritten() {
    return starting + files.stream().mapToLong(file -> file.size() - file.written()).sum();
  }

  /** Whether room may come without any lease ending. */
  boolean somethingUnderWay() {
    return freeing > 0 || holds > 0 || !loads.isEmpty();
  }

  void reserve(Digest digest, long size) {
    used += size;
    starting += size;
    loads.merge(digest, 1, Integer::sum);
  }

  /** A load has its file. */
  void started(RamFile file) {
    starting -= file.size();
    files.add(file);
  }

  /** A load could not even make its file. */
  void notStarted(Digest digest, long size) {
    starting -= size;
    used -= size;
    ended(digest);
  }

  /** A file was here already. */
  void adopt(long size) {
    used += size;
  }

  /** A load has become a resident. */
  void admit(RamFile file) {
    files.remove(file);
    ended(file.digest());
  }

  /** A load has failed, or has replaced a file of the same content. */
  void abandon(RamFile file) {
    files.remove(file);
    used -= file.size();
    ended(file.digest());
  }

  private void ended(Digest digest) {
    loads.computeIfPresent(digest, (d, count) -> count == 1 ? null : count - 1);
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
