package dev.larder.tiering.ledger;

import dev.larder.spi.cache.LedgerEntry;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The record of every object that is in a cache (resident) or was evicted from it lately (ghost),
 * so that an object that comes back brings its history. At most 59 bytes for each: key, size, last
 * tick, reload cost and flags in primitive arrays, and {@link LedgerEntry#HALF_LIVES} decayed
 * access counts.
 *
 * <p>A count is kept as the logarithm of its value at the object's last access, in 32 bits. What a
 * policy gets is that plus {@code lastTick / halfLife}: the order of two entries that are not
 * touched never changes, and no precision is lost however many ticks the cache has seen. After
 * LRFU: D. Lee et al., "LRFU: a spectrum of policies that subsumes the LRU and LFU policies", 2001.
 *
 * <p>Ghosts are bounded to four for each resident, or 1,024 if that is more; of eight taken at
 * random the one that was used longest ago goes. Residents come first in the arrays, ghosts behind.
 *
 * <p>Not safe for use by several threads: the owner has a lock.
 */
public final class Ledger {

  /** So many ghosts are always remembered. */
  public static final int MIN_GHOSTS = 1024;

  private static final int GHOSTS_PER_RESIDENT = 4;
  private static final int GHOST_SAMPLE = 8;

  /** One resident less means four ghosts less, and itself. */
  private static final int MOST_FORGOTTEN = 2 * (GHOSTS_PER_RESIDENT + 1);

  private static final byte PREFETCHED = 1;
  private static final byte ORDERED = 2; // by VictimOrder
  private static final float NEVER_USED = -1; // log2 of half an access

  static final double[] A_TICK = new double[LedgerEntry.HALF_LIVES]; // in half-lives

  static {
    for (int i = 0; i < A_TICK.length; i++) {
      A_TICK[i] = 1.0 / halfLife(i);
    }
  }

  private final RandomGenerator random;
  private final KeyIndex index;
  private long[] keys;
  private long[] sizes;
  private long[] lastTicks;
  private float[] counts; // HALF_LIVES for each
  private float[] reloadMicros;
  private byte[] flags;
  private int residents;
  private int used; // residents and ghosts
  private long now;

  /** An empty ledger. */
  public Ledger(RandomGenerator random) {
    this.random = random;
    this.index = new KeyIndex(64);
    int room = KeyIndex.roomFor(64);
    keys = new long[room];
    sizes = new long[room];
    lastTicks = new long[room];
    counts = new float[room * LedgerEntry.HALF_LIVES];
    reloadMicros = new float[room];
    flags = new byte[room];
  }

  /** Accesses per half-life of the count with that index: 2^5, 2^8, … 2^20. */
  public static long halfLife(int count) {
    return 1L << (5 + 3 * count);
  }

  /** Logical time: accesses so far. */
  public long now() {
    return now;
  }

  /** How many are in the cache. */
  public int residents() {
    return residents;
  }

  /** How many are only remembered. */
  public int ghosts() {
    return used - residents;
  }

  /** Bytes of memory that the arrays take. */
  public long bytes() {
    return keys.length * (3L * Long.BYTES + (LedgerEntry.HALF_LIVES + 1L) * Float.BYTES + 1)
        + index.bytes();
  }

  /** Slots that there is memory for. */
  public int capacity() {
    return keys.length;
  }

  /** Whether an object of that key is in the cache. */
  public boolean isResident(long key) {
    int slot = index.find(key, keys);
    return slot >= 0 && slot < residents;
  }

  /** Whether an object of that key is in the cache or remembered. */
  public boolean isKnown(long key) {
    return index.find(key, keys) >= 0;
  }

  /**
   * Notes that an object is in the cache now, with its history if it is remembered. That is no
   * access: {@link #access} is, which follows unless it was loaded ahead.
   */
  public void admit(long key, long size, boolean prefetched) {
    int slot = index.find(key, keys);
    if (slot < 0) {
      slot = append(key);
    }
    if (slot >= residents) {
      swap(slot, residents);
      slot = residents++;
    }
    sizes[slot] = size;
    flags[slot] = (byte) (flags[slot] & ORDERED | (prefetched ? PREFETCHED : 0));
  }

  private int append(long key) {
    if (used == keys.length) {
      grow();
    }
    int slot = used++;
    keys[slot] = key;
    sizes[slot] = 0;
    lastTicks[slot] = now;
    Arrays.fill(
        counts, slot * LedgerEntry.HALF_LIVES, (slot + 1) * LedgerEntry.HALF_LIVES, NEVER_USED);
    reloadMicros[slot] = 0;
    flags[slot] = 0;
    index.add(slot, keys);
    return slot;
  }

  private void grow() {
    int room = KeyIndex.roomFor(keys.length + 1);
    index.grow(room, used, keys);
    keys = Arrays.copyOf(keys, room);
    sizes = Arrays.copyOf(sizes, room);
    lastTicks = Arrays.copyOf(lastTicks, room);
    counts = Arrays.copyOf(counts, room * LedgerEntry.HALF_LIVES);
    reloadMicros = Arrays.copyOf(reloadMicros, room);
    flags = Arrays.copyOf(flags, room);
  }

  /** Notes an object that is not in the cache: it is a ghost, as if it had been evicted. */
  public void remember(long key, long size) {
    rememberAt(key, size);
  }

  /** The same; returns its place. */
  int rememberAt(long key, long size) {
    int slot = index.find(key, keys);
    if (slot < 0) {
      slot = append(key);
    }
    if (slot >= residents) {
      sizes[slot] = size;
      if (trim()) {
        return index.find(key, keys);
      }
    }
    return slot;
  }

  /** Notes an access: time goes on by one, and the object's counts grow if it is known. */
  public void access(long key) {
    accessAt(place(key));
  }

  /** The same by place; -1 for an object that is not known. */
  void accessAt(int slot) {
    now++;
    if (slot < 0) {
      return;
    }
    int first = slot * LedgerEntry.HALF_LIVES;
    long age = now - lastTicks[slot];
    boolean fresh = counts[first] == NEVER_USED;
    for (int i = 0; i < LedgerEntry.HALF_LIVES; i++) {
      counts[first + i] = fresh ? 0 : LogSum.plusOne(counts[first + i], age * A_TICK[i]);
    }
    lastTicks[slot] = now;
    flags[slot] &= ~PREFETCHED;
  }

  /** Notes what loading it took; a moving average in which the newest weighs a half. */
  public void reloaded(long key, double micros) {
    int slot = index.find(key, keys);
    if (slot >= 0) {
      reloadedAt(slot, micros);
    }
  }

  /** The same by place. */
  void reloadedAt(int slot, double micros) {
    float before = reloadMicros[slot];
    reloadMicros[slot] = (float) (before == 0 ? micros : (before + micros) / 2);
  }

  /** Notes that an object was evicted; it is remembered. */
  public void evict(long key) {
    int slot = index.find(key, keys);
    if (slot >= 0 && slot < residents) {
      evictAt(slot);
    }
  }

  /** The same by place of a resident. */
  void evictAt(int slot) {
    flags[slot] &= ~ORDERED;
    swap(slot, --residents);
    trim();
  }

  /** Notes that all were evicted; none is forgotten for it. */
  public void evictAll() {
    residents = 0;
  }

  /**
   * Never many at once: a restart may have brought more than there are to be. Tells whether
   * anything was forgotten.
   */
  private boolean trim() {
    int most = Math.max(MIN_GHOSTS, GHOSTS_PER_RESIDENT * residents);
    int forgotten = 0;
    while (forgotten < MOST_FORGOTTEN && used - residents > most) {
      remove(oldestOfSome());
      forgotten++;
    }
    return forgotten > 0;
  }

  private int oldestOfSome() {
    int oldest = residents + random.nextInt(used - residents);
    for (int i = 1; i < GHOST_SAMPLE; i++) {
      int other = residents + random.nextInt(used - residents);
      if (lastTicks[other] < lastTicks[oldest]) {
        oldest = other;
      }
    }
    return oldest;
  }

  /** Forgets an object: it was deleted. */
  public void forget(long key) {
    int slot = index.find(key, keys);
    if (slot < 0) {
      return;
    }
    if (slot < residents) {
      swap(slot, --residents);
      slot = residents;
    }
    remove(slot);
  }

  private void remove(int ghost) {
    swap(ghost, --used);
    index.remove(used, keys);
  }

  private void swap(int a, int b) {
    if (a == b) {
      return;
    }
    index.swap(a, b, keys);
    swap(keys, a, b);
    swap(sizes, a, b);
    swap(lastTicks, a, b);
    swap(reloadMicros, a, b);
    for (int i = 0; i < LedgerEntry.HALF_LIVES; i++) {
      swap(counts, a * LedgerEntry.HALF_LIVES + i, b * LedgerEntry.HALF_LIVES + i);
    }
    byte flag = flags[a];
    flags[a] = flags[b];
    flags[b] = flag;
  }

  private static void swap(long[] array, int a, int b) {
    long value = array[a];
    array[a] = array[b];
    array[b] = value;
  }

  private static void swap(float[] array, int a, int b) {
    float value = array[a];
    array[a] = array[b];
    array[b] = value;
  }

  /** Key of a resident, by its place, which changes with every change of the residents. */
  public long residentKey(int place) {
    return keys[place];
  }

  /** Place of what is known, residents first; -1 if it is not. */
  int place(long key) {
    return index.find(key, keys);
  }

  /** Size of what is at a place. */
  long sizeAt(int place) {
    return sizes[place];
  }

  /** Place of a resident; -1 if it is none. */
  int residentPlace(long key) {
    int slot = index.find(key, keys);
    return slot < residents ? slot : -1;
  }

  /** Marks a resident as in order, or takes the mark away; false if it was so already. */
  boolean order(int place, boolean ordered) {
    if ((flags[place] & ORDERED) != 0 == ordered) {
      return false;
    }
    flags[place] ^= ORDERED;
    return true;
  }

  /** Keys of all entries and their last ticks, in one order: what a snapshot starts from. */
  Ages ages() {
    return new Ages(Arrays.copyOf(keys, used), Arrays.copyOf(lastTicks, used));
  }

  /** Keys, and the last tick of each. */
  record Ages(long[] keys, long[] lastTicks) {}

  /** Goes on from the logical time of a snapshot. Before anything else. */
  void continueFrom(long tick) {
    now = tick;
  }

  /** Remembers an entry of a snapshot; one that is known already stays as it is. */
  void restore(LedgerRecord entry) {
    if (isKnown(entry.key)) {
      return;
    }
    int slot = append(entry.key);
    sizes[slot] = entry.size;
    lastTicks[slot] = entry.lastTick;
    reloadMicros[slot] = entry.reloadMicros;
    System.arraycopy(
        entry.counts, 0, counts, slot * LedgerEntry.HALF_LIVES, LedgerEntry.HALF_LIVES);
  }

  /** Copies an entry out; false if it is not known. */
  public boolean read(long key, LedgerRecord into) {
    int slot = index.find(key, keys);
    if (slot < 0) {
      return false;
    }
    readAt(slot, into);
    return true;
  }

  /** Copies out what is at a place. */
  void readAt(int slot, LedgerRecord into) {
    into.key = keys[slot];
    into.size = sizes[slot];
    into.now = now;
    into.lastTick = lastTicks[slot];
    into.reloadMicros = reloadMicros[slot];
    into.resident = slot < residents;
    into.prefetched = (flags[slot] & PREFETCHED) != 0;
    int first = slot * LedgerEntry.HALF_LIVES;
    System.arraycopy(counts, first, into.counts, 0, LedgerEntry.HALF_LIVES);
  }
}
