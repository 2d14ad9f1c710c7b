package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.ledger.AccessFeed;
import dev.larder.tiering.ledger.Ledger;
import dev.larder.tiering.ledger.LedgerFile;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ledger.Ranking;
import dev.larder.tiering.ledger.RankingTurn;
import dev.larder.tiering.plugin.PolicySelector;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The ledger of one cache tier, and whose turn it is to ask the policy about it. Its logical time
 * is uses: swaps from RAM and loads. What was loaded once from a slower tier is remembered as if it
 * had been evicted; what is loaded again while that lasts is worth a copy. Kept over restarts.
 *
 * <p>Any thread.
 */
final class CacheLedger implements CacheTraits {

  private final ReentrantLock lock = new ReentrantLock();
  private final Ledger ledger = new Ledger(RandomGenerator.of("L64X128MixRandom"));
  private final Ranking ranking;
  private final AccessFeed uses;
  private final LedgerFile file;
  private volatile long capacity;
  private volatile boolean synced;

  CacheLedger(
      PolicySelector<CachePolicy> policies,
      Path file,
      Executor policyThreads,
      LongSupplier nanoTime) {
    this.ranking = new Ranking(policies, this, nanoTime);
    this.uses = new AccessFeed(ranking, this::access, policyThreads);
    this.file = new LedgerFile(Optional.of(file), ledger, lock);
    this.file.restore();
  }

  @Override
  public long capacityBytes() {
    return capacity;
  }

  @Override
  public int residents() {
    lock.lock();
    try {
      return ledger.residents();
    } finally {
      lock.unlock();
    }
  }

  /** What is not copied here is read from its home. */
  @Override
  public boolean mayBypass() {
    return true;
  }

  /** Before anything else with a volume: what is on it, and bytes that it may hold. */
  void sync(Collection<ArtifactEntry> copies, long capacityBytes) {
    capacity = capacityBytes;
    if (!synced) {
      LedgerRecord entry = new LedgerRecord();
      copies.forEach(copy -> see(copy, entry));
      synced = true;
    }
  }

  /** What is used in RAM is told to the policy only where a copy of it is here. */
  private boolean access(long key, boolean hit, LedgerRecord into) {
    lock.lock();
    try {
      ledger.access(key);
      return ledger.read(key, into) && (into.resident() || !hit);
    } finally {
      lock.unlock();
    }
  }

  /** An artifact was swapped in from RAM, or loaded from this tier. Takes no lock. */
  void used(Digest digest) {
    uses.add(digest.a(), true);
  }

  /** A copy is here. */
  void arrived(Digest digest, long storedBytes) {
    lock.lock();
    try {
      ledger.admit(digest.a(), storedBytes, false);
    } finally {
      lock.unlock();
    }
  }

  /** None of them is known to be here until it is {@link #see seen}. */
  void forgetResidents() {
    lock.lock();
    try {
      ledger.evictAll();
    } finally {
      lock.unlock();
    }
  }

  /** A copy is here; copies its record out, or tells that it was never used as far as is known. */
  boolean see(ArtifactEntry copy, LedgerRecord into) {
    lock.lock();
    try {
      long key = copy.digest().a();
      if (!ledger.isKnown(key)) {
        return false;
      }
      ledger.admit(key, copy.storedBytes(), false);
      return ledger.read(key, into);
    } finally {
      lock.unlock();
    }
  }

  /** A copy was dropped to make room. */
  void dropped(Digest digest) {
    lock.lock();
    try {
      ledger.evict(digest.a());
    } finally {
      lock.unlock();
    }
  }

  /**
   * An artifact was loaded from a slower tier.
   *
   * @param micros what that takes
   * @return when it was used the time before, in ticks; empty if that is not remembered
   */
  OptionalLong loaded(ArtifactEntry entry, double micros) throws InterruptedIOException {
    long key = entry.digest().a();
    try (RankingTurn turn = turn()) {
      LedgerRecord before = new LedgerRecord();
      boolean again;
      lock.lock();
      try {
        again = ledger.read(key, before);
        ledger.remember(key, entry.storedBytes());
        ledger.reloaded(key, micros);
      } finally {
        lock.unlock();
      }
      uses.add(key, false);
      uses.drain(turn);
      return again ? OptionalLong.of(before.lastTick()) : OptionalLong.empty();
    }
  }

  /** Whether it was used after that tick. */
  boolean usedSince(Digest digest, long tick) {
    LedgerRecord entry = new LedgerRecord();
    return read(digest, entry) && entry.lastTick() > tick;
  }

  /** Copies a record out; false if it is not known. */
  boolean read(Digest digest, LedgerRecord into) {
    lock.lock();
    try {
      return ledger.read(digest.a(), into);
    } finally {
      lock.unlock();
    }
  }

  /** The turn to ask the policy, with all uses known. Close it. */
  RankingTurn turn() throws InterruptedIOException {
    try {
      RankingTurn turn = ranking.turn();
      uses.drain(turn);
      return turn;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the cache policy");
    }
  }

  /** To be called about every second. */
  void tick() {
    uses.request();
    ranking.watch();
  }

  /** Writes it to its file if it has changed. */
  void note() {
    file.note();
  }

  /** The same at the end. */
  void close() {
    uses.drainLast();
    file.note();
  }

  /** The tier was removed. */
  void delete() {
    file.delete();
  }
}
