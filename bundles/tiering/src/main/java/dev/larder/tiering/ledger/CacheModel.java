package dev.larder.tiering.ledger;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;

/**
 * A cache without content: what a policy would keep, on a ledger of its own. Tells what a policy
 * reaches on a trace or on accesses that were recorded. No I/O.
 *
 * <p>Heap: the ledger's 59 bytes for each resident and ghost, and 16 for each resident. Not safe
 * for use by several threads.
 */
public final class CacheModel implements CacheTraits {

  /** What becomes of a miss. */
  public enum Admission {
    /** It is always kept, as the RAM cache must keep what is swapped. */
    ALWAYS,
    /** The policy is asked; what it does not want is served and only remembered. */
    ASKED
  }

  private final long capacity;
  private final Admission admission;
  private final Ledger ledger;
  private final VictimOrder order;
  private final LedgerRecord entry = new LedgerRecord();
  private final Victims victims = new Victims();
  private CachePolicy policy;
  private long used;
  private long evictions;

  /**
   * An empty cache.
   *
   * @param capacity bytes that it may hold, 0 or more
   * @param policy asked for its {@link CachePolicy#forCache instance} for this cache
   */
  public CacheModel(
      long capacity, CachePolicy policy, Admission admission, RandomGenerator random) {
    this.capacity = capacity;
    this.admission = admission;
    this.ledger = new Ledger(random);
    this.policy = policy.forCache(this);
    this.order = new VictimOrder(ledger, this.policy);
  }

  @Override
  public long capacityBytes() {
    return capacity;
  }

  @Override
  public int residents() {
    return ledger.residents();
  }

  @Override
  public boolean mayBypass() {
    return admission == Admission.ASKED;
  }

  /** Bytes that it holds, at most its capacity. */
  public long usedBytes() {
    return used;
  }

  /** Evictions so far. */
  public long evictions() {
    return evictions;
  }

  /** Whether an object is in it. */
  public boolean isResident(long key) {
    return ledger.isResident(key);
  }

  /** Lets another policy decide from now on; nothing is evicted. */
  public void use(CachePolicy other) {
    policy = other.forCache(this);
  }

  /** The same with a reload cost that is not known. */
  public boolean access(long key, long size) {
    return access(key, size, 0);
  }

  /**
   * An access.
   *
   * @param size bytes, 0 or more; if it is not that of the access before, the object has changed
   * @param reloadMicros what loading it takes in microseconds, noted when it is loaded; 0: unknown
   * @return whether it was a hit
   */
  public boolean access(long key, long size, double reloadMicros) {
    int place = ledger.residentPlace(key);
    if (place < 0) {
      miss(key, size, reloadMicros);
      return false;
    }
    if (ledger.sizeAt(place) != size) {
      used += size - ledger.sizeAt(place);
      ledger.admit(key, size, false);
    }
    ledger.accessAt(place);
    if (used > capacity) {
      shrink();
      place = ledger.place(key);
    }
    if (place >= 0) {
      ledger.readAt(place, entry);
      policy.accessed(entry, true);
    }
    return true;
  }

  private void miss(long key, long size, double reloadMicros) {
    int place = ledger.rememberAt(key, size);
    if (place >= 0 && reloadMicros > 0) {
      ledger.reloadedAt(place, reloadMicros);
    }
    ledger.accessAt(place);
    load(key, size, false);
    if (ledger.read(key, entry)) {
      policy.accessed(entry, false);
    }
  }

  /**
   * Loads an object ahead: no access, and admission is not asked for.
   *
   * @return whether it is in the cache now
   */
  public boolean prefetch(long key, long size) {
    if (!ledger.isResident(key)) {
      ledger.remember(key, size);
      load(key, size, true);
    }
    return ledger.isResident(key);
  }

  /** Drops an object; it is remembered. */
  public void drop(long key) {
    if (ledger.read(key, entry) && entry.resident()) {
      used -= entry.size();
      ledger.evict(key);
    }
  }

  private void shrink() {
    victims.begin(used - capacity);
    victims.collect();
    victims.evict();
  }

  private void load(long key, long size, boolean ahead) {
    if (size > capacity) {
      return;
    }
    long missing = used + size - capacity;
    if (missing > 0) {
      victims.begin(missing);
      if (admission == Admission.ASKED && !ahead && !admitted(key)) {
        victims.spare();
        return;
      }
      victims.collect();
      victims.evict();
    }
    ledger.admit(key, size, ahead);
    order.add(key);
    used += size;
  }

  private boolean admitted(long key) {
    return ledger.read(key, entry) && policy.admit(entry, victims);
  }

  /** What goes for a load, found as far as it is asked for. */
  private final class Victims implements Iterable<LedgerEntry>, Iterator<LedgerEntry> {

    private final LedgerRecord evicted = new LedgerRecord();
    private long[] keys = new long[16];
    private double[] ranks = new double[16];
    private int count;
    private long missing;
    private boolean iterated;

    void begin(long bytes) {
      count = 0;
      missing = bytes;
      iterated = false;
      order.start(policy);
    }

    @Override
    public Iterator<LedgerEntry> iterator() {
      if (iterated) {
        throw new IllegalStateException("victims can be looked at once");
      }
      iterated = true;
      return this;
    }

    @Override
    public boolean hasNext() {
      return missing > 0;
    }

    @Override
    public LedgerEntry next() {
      LedgerRecord victim = missing > 0 ? order.next() : null;
      if (victim == null) {
        throw new NoSuchElementException("no more victims");
      }
      add(victim);
      return victim;
    }

    private void add(LedgerRecord victim) {
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, 2 * count);
        ranks = Arrays.copyOf(ranks, 2 * count);
      }
      ranks[count] = order.lastRank();
      keys[count++] = victim.key();
      missing -= victim.size();
    }

    /** Finds those that nobody asked for. */
    void collect() {
      while (missing > 0) {
        next();
      }
    }

    void evict() {
      for (int i = 0; i < count; i++) {
        int place = ledger.residentPlace(keys[i]);
        if (place >= 0) {
          ledger.readAt(place, evicted);
          policy.evicted(evicted);
          used -= evicted.size();
          evictions++;
          ledger.evictAt(place);
        }
      }
    }

    void spare() {
      for (int i = 0; i < count; i++) {
        order.back(keys[i], ranks[i]);
      }
    }
  }
}
