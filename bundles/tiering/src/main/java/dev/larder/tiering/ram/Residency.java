package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.Statistics.Prefetch;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.tiering.ledger.CandidateSample;
import dev.larder.tiering.ledger.Ledger;
import dev.larder.tiering.ledger.LedgerFile;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ram.Leftovers.Leftover;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is in the RAM cache, who leases it, and how much room is left: the state behind the cache's
 * one lock, which is held for microseconds, never during I/O and never during a call into a
 * plug-in.
 */
final class Residency implements CacheTraits {

  /** How an attempt to reserve room ended. */
  enum Attempt {
    /** The room is reserved. */
    GRANTED,
    /** Something can be evicted for it. */
    EVICT,
    /** Nothing can be evicted now, but a load or an eviction is under way. */
    WAIT,
    /** All is leased. */
    FULL
  }

  /**
   * What could go.
   *
   * @param bytes how many bytes must go; 0 or less if enough are going already
   */
  record Plan(long bytes, List<LedgerRecord> candidates) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Books books;
  private final RandomGenerator random;
  private final Map<Digest, Resident> residents = new HashMap<>();
  private final Map<Long, Resident> byKey = new HashMap<>();
  private final Map<EvictionCause, Long> evictions = new EnumMap<>(EvictionCause.class);
  private final Ledger ledger;
  private final LeaseTable leases = new LeaseTable();
  private final Map<Digest, EvictionCause> doomed = new HashMap<>(); // go as soon as they may
  private final AccessLog accesses = new AccessLog();
  private final LedgerFile history;
  private long usefulAhead; // bytes
  private long wastedAhead; // bytes

  /**
   * Empty, but with the history of what was here before.
   *
   * @param history the ledger's file
   */
  Residency(long limit, RandomGenerator random, Optional<Path> history) {
    this.books = new Books(limit);
    this.random = random;
    this.ledger = new Ledger(random);
    this.history = new LedgerFile(history, ledger, lock);
    this.history.restore();
    for (EvictionCause cause : EvictionCause.values()) {
      evictions.put(cause, 0L);
    }
  }

  long limit() {
    return books.limit();
  }

  @Override
  public long capacityBytes() {
    return books.limit();
  }

  @Override
  public int residents() {
    lock.lock();
    try {
      return residents.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes files over that are here already, the least valuable first. Nothing else is here yet. One
   * that has no history came after that was noted.
   */
  void adopt(List<Leftover> files) {
    lock.lock();
    try {
      for (Leftover file : files) {
        Resident resident = new Resident(file.digest(), freeKey(file.digest()), file.size(), false);
        books.adopt(file.size());
        boolean unknown = !ledger.isKnown(resident.key);
        enter(resident, false);
        if (unknown) {
          ledger.access(resident.key); // an order for the policies to go by
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** An artifact that is here and was not checked yet. */
  @Nullable Resident unchecked(Digest digest) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      return resident == null || resident.checked ? null : resident;
    } finally {
      lock.unlock();
    }
  }

  /** All that were not checked yet. */
  List<Digest> unchecked() {
    lock.lock();
    try {
      return residents.values().stream().filter(r -> !r.checked).map(r -> r.digest).toList();
    } finally {
      lock.unlock();
    }
  }

  /** An artifact is what it should be. */
  void checked(Resident resident) {
    lock.lock();
    try {
      resident.checked = true;
    } finally {
      lock.unlock();
    }
  }

  /** A lease that was granted, and the ledger's key of what it is on. */
  record Granted(String lease, long key) {}

  /** Leases an artifact if it is here and checked. */
  Optional<Granted> lease(Digest digest, LeaseTerms terms, long now) throws LarderException {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident == null || !resident.checked) {
        return Optional.empty();
      }
      String id = leases.grant(resident, terms, now);
      doomed.remove(digest); // somebody refers to it again
      used(resident);
      return Optional.of(new Granted(id, resident.key));
    } finally {
      lock.unlock();
    }
  }

  /** Somebody has asked for it. */
  private void used(Resident resident) {
    if (resident.ahead) {
      usefulAhead += resident.size;
    }
    resident.ahead = false;
    resident.expected = false;
  }

  /** Reads or changes the leases; tells those that wait for room if any came to an end. */
  <T> T withLeases(Function<LeaseTable, T> action) {
    lock.lock();
    try {
      T result = action.apply(leases);
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tries to set room aside for a load.
   *
   * @param usable bytes that the file system has left
   */
  Attempt tryReserve(Digest digest, long size, long usable, long now) {
    lock.lock();
    try {
      leases.expire(now);
      long missing = books.missing(size, usable);
      if (missing <= 0) {
        books.reserve(digest, size);
        return Attempt.GRANTED;
      }
      if (missing > books.freeing() && anyEvictable()) {
        return Attempt.EVICT;
      }
      return books.somethingUnderWay() ? Attempt.WAIT : Attempt.FULL;
    } finally {
      lock.unlock();
    }
  }

  /** A load that has its room has its file, too. */
  void started(RamFile file) {
    lock.lock();
    try {
      books.started(file);
    } finally {
      lock.unlock();
    }
  }

  /** A load that has its room cannot have a file. */
  void notStarted(Digest digest, long size) {
    lock.lock();
    try {
      books.notStarted(digest, size);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean anyEvictable() {
    return residents.values().stream().anyMatch(Residency::worthEvicting);
  }

  /** Evicting an empty file makes no room. */
  private static boolean worthEvicting(@Nullable Resident resident) {
    return resident != null && resident.evictable() && resident.size > 0;
  }

  /** What could go so that a load fits. */
  Plan plan(long size, long usable) {
    lock.lock();
    try {
      long bytes = books.missing(size, usable) - books.freeing();
      List<LedgerRecord> candidates =
          bytes <= 0
              ? List.of()
              : CandidateSample.of(ledger, key -> worthEvicting(byKey.get(key)), random);
      return new Plan(bytes, candidates);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Digest digestOf(long key) {
    lock.lock();
    try {
      Resident resident = byKey.get(key);
      return resident == null ? null : resident.digest;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something changes, but no longer than that. */
  void awaitChange(long nanos) throws InterruptedException {
    lock.lock();
    try {
      changed.await(nanos, TimeUnit.NANOSECONDS);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A load is done and its file published: it is resident, and held until {@link #unhold}.
   *
   * @param ahead whether nobody has asked for it
   */
  void admit(RamFile file, double reloadMicros, boolean ahead) {
    Digest digest = file.digest();
    lock.lock();
    try {
      Resident before = residents.get(digest);
      if (before != null) { // loaded twice: the new file has replaced the old one
        books.abandon(file);
        books.hold(before);
        before.checked = true;
        return;
      }
      books.admit(file);
      Resident resident = new Resident(digest, freeKey(digest), file.size(), true);
      books.hold(resident);
      resident.ahead = ahead;
      resident.expected = ahead;
      enter(resident, ahead);
      ledger.reloaded(resident.key, reloadMicros);
    } finally {
      lock.unlock();
    }
  }

  private void enter(Resident resident, boolean ahead) {
    residents.put(resident.digest, resident);
    byKey.put(resident.key, resident);
    ledger.admit(resident.key, resident.size, ahead);
  }

  /**
   * How an entry stands to others that may go: what was loaded ahead has no history that a policy
   * could go by. It goes before them (negative) if nobody has come for it in time, and after them
   * (positive) as long as somebody is expected.
   */
  int precedence(long key) {
    lock.lock();
    try {
      Resident resident = byKey.get(key);
      return resident == null || !resident.ahead ? 0 : resident.expected ? 1 : -1;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody has asked in time for what was loaded ahead. */
  void expectNoMore(Digest digest) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident != null) {
        resident.expected = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Holds an artifact that is here and checked already; false if it is not. */
  boolean hold(Digest digest) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident == null || !resident.checked) {
        return false;
      }
      books.hold(resident);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Two digests with the same first 64 bits can be made on purpose, if with effort. */
  private long freeKey(Digest digest) {
    long key = digest.a();
    while (byKey.containsKey(key)) {
      key++;
    }
    return key;
  }

  /** A load failed and its file is gone: the room is free again. */
  void abandon(RamFile file) {
    lock.lock();
    try {
      books.abandon(file);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All who waited for a load have their lease. Tells the ledger's key if it is here. */
  OptionalLong unhold(Digest digest, boolean asked) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident == null || resident.holds == 0) {
        return OptionalLong.empty();
      }
      books.unhold(resident);
      if (asked) {
        used(resident);
      }
      changed.signalAll();
      return OptionalLong.of(resident.key);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes an artifact out of the books, unless it is in use; its bytes count until {@link #freed}.
   */
  @Nullable Resident detach(Digest digest, EvictionCause cause) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident == null || !resident.evictable()) {
        return null;
      }
      residents.remove(digest);
      doomed.remove(digest);
      byKey.remove(resident.key);
      if (cause == EvictionCause.DELETED) {
        ledger.forget(resident.key);
      } else {
        ledger.evict(resident.key);
      }
      if (resident.ahead) {
        wastedAhead += resident.size;
      }
      books.detach(resident.size);
      evictions.merge(cause, 1L, Long::sum);
      return resident;
    } finally {
      lock.unlock();
    }
  }

  /** The file of a detached artifact is gone, or cannot be removed and keeps its room. */
  void freed(Resident resident, boolean gone) {
    lock.lock();
    try {
      books.freed(resident.size, gone);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Marks an artifact so that it goes as soon as nothing keeps it; true if it may go at once. */
  boolean doom(Digest digest, EvictionCause cause) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      if (resident == null) {
        return false;
      }
      doomed.put(digest, cause);
      return resident.evictable();
    } finally {
      lock.unlock();
    }
  }

  private boolean mayGo(Digest digest) {
    Resident resident = residents.get(digest);
    return resident != null && resident.evictable();
  }

  /** Those that are marked and not in use any more. */
  Map<Digest, EvictionCause> doomed() {
    lock.lock();
    try {
      if (doomed.isEmpty()) {
        return Map.of();
      }
      Map<Digest, EvictionCause> free = new HashMap<>(doomed);
      free.keySet().removeIf(digest -> !mayGo(digest));
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** Notes an access in the ledger and copies the entry out; false if it is not known. */
  boolean access(long key, boolean hit, LedgerRecord into) {
    lock.lock();
    try {
      ledger.access(key);
      boolean known = ledger.read(key, into);
      if (known) {
        accesses.add(into);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** The accesses of late, oldest first. */
  AccessLog.Recent recentAccesses() {
    lock.lock();
    try {
      return accesses.recent();
    } finally {
      lock.unlock();
    }
  }

  /** The ledger's file. */
  LedgerFile history() {
    return history;
  }

  /** Copies a ledger entry out; false if it is not known. */
  boolean read(long key, LedgerRecord into) {
    lock.lock();
    try {
      return ledger.read(key, into);
    } finally {
      lock.unlock();
    }
  }

  OptionalLong sizeOf(Digest digest) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      return resident == null ? OptionalLong.empty() : OptionalLong.of(resident.size);
    } finally {
      lock.unlock();
    }
  }

  boolean isLeased(Digest digest) {
    lock.lock();
    try {
      Resident resident = residents.get(digest);
      return resident != null && resident.leases > 0;
    } finally {
      lock.unlock();
    }
  }

  Collection<Digest> digests() {
    lock.lock();
    try {
      return new ArrayList<>(residents.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** What is leased or being loaded. */
  Set<Digest> inUse() {
    lock.lock();
    try {
      Set<Digest> inUse = new HashSet<>(books.loads());
      residents.values().stream().filter(r -> !r.evictable()).forEach(r -> inUse.add(r.digest));
      return inUse;
    } finally {
      lock.unlock();
    }
  }

  RamUsage usage() {
    lock.lock();
    try {
      return new RamUsage(
          books.used(),
          books.limit(),
          residents.size(),
          Map.copyOf(evictions),
          new Prefetch(usefulAhead, wastedAhead));
    } finally {
      lock.unlock();
    }
  }
}
