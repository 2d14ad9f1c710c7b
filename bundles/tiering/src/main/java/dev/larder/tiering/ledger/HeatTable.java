package dev.larder.tiering.ledger;

import dev.larder.api.Temperature;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How hot artifacts are, wherever they lie: decayed counts of their loads from storage tiers at a
 * short and a long half-life in uses of the gateway, when they were used last, who has placed them
 * and when they were moved last. 45 bytes each and 8 for finding them, of 32,768 at the most; of
 * eight taken at random, the one that was used longest ago makes room.
 *
 * <p>Time is of two kinds: ticks, one for each use of any artifact, so that nothing cools down
 * while a gateway has nothing to do; and running time, which goes on from the last save. Neither
 * needs a clock.
 *
 * <p>A use that finds the artifact in RAM keeps it warm, but is no reason to move its home: only
 * loads are.
 *
 * <p>Saved as bytes with a version and a CRC32C. Not safe for use by several threads.
 */
public final class HeatTable {

  /** So many artifacts are remembered at the most. */
  public static final int MOST = 32_768;

  /** Longer half-life of the counts, in ticks: the ledger's fourth. */
  static final long LONG = 1 << 14;

  /** Shorter one: the ledger's third. A shorter one yet would hold no more than a load or two. */
  static final long SHORT = 1 << 11;

  private static final int MAGIC = 0x4c48_4541;
  private static final int VERSION = 1;
  private static final int HEAD = 4 + 4 + 8 + 8 + 8 + 8 + 4;
  private static final int ENTRY = 8 + 8 + 8 + 8 + 3 * 4 + 1;
  private static final int SAMPLE = 8;
  private static final float NEVER = Float.NEGATIVE_INFINITY;
  private static final long DAY_NANOS = 86_400_000_000_000L;

  /** An hour: the first minutes of a gateway say little about the next ones. */
  private static final double LEAST_SEEN_NANOS = 3600e9;

  private static final byte BY_RULE = 1;
  private static final byte BY_PERSON = 2;

  private final RandomGenerator random;
  private KeyIndex index;
  private long[] keys;
  private long[] lastTicks; // of a use
  private long[] lastUses; // running nanoseconds
  private long[] lastMoves; // running nanoseconds; -1: never
  private float[] counts; // uses, loads at the short half-life, loads at the long one
  private byte[] placed;
  private int used;
  private long ticks;

  /** Uses a day, decayed with a half-life of a day of running time, as of the last use. */
  private double usesLately;

  private long lastUse;

  /** Nothing was used yet. */
  public HeatTable(RandomGenerator random) {
    this.random = random;
    index = new KeyIndex(64);
    int room = KeyIndex.roomFor(64);
    keys = new long[room];
    lastTicks = new long[room];
    lastUses = new long[room];
    lastMoves = new long[room];
    counts = new float[3 * room];
    placed = new byte[room];
  }

  /**
   * What is known of one artifact.
   *
   * @param ticksSince its last use
   * @param lastTick of its last use
   * @param lastUse in running nanoseconds
   * @param lastMove in running nanoseconds; empty if it was not moved, as far as is known
   * @param uses decayed count of its uses, at the long half-life
   * @param loads decayed count of its loads, at the long half-life
   * @param loadsPerSecond that are expected, of running time
   * @param byRule whether a rule has placed it, rather than a person; empty if not known
   */
  public record Heat(
      long ticksSince,
      long lastTick,
      long lastUse,
      Optional<Long> lastMove,
      double uses,
      double loads,
      double loadsPerSecond,
      Optional<Boolean> byRule) {

    /** How long after its last use an artifact still counts as used lately. */
    private static final Duration LATELY = Duration.ofHours(24);

    /** How long, if it was used more than once and not much else since. */
    private static final Duration LATELY_AGAIN = Duration.ofDays(7);

    private static final double AGAIN = 1.5; // uses, decayed: at least two

    /**
     * How hot it is by its use alone.
     *
     * @param now running nanoseconds
     */
    public Temperature temperature(long now) {
      long age = now - lastUse;
      boolean again = uses >= AGAIN && ticksSince < LONG && age < LATELY_AGAIN.toNanos();
      return again || age < LATELY.toNanos() ? Temperature.CACHED : Temperature.ARCHIVE;
    }
  }

  /** How many are remembered. */
  public int size() {
    return used;
  }

  /** Uses so far. */
  public long ticks() {
    return ticks;
  }

  /**
   * An artifact was put, read or swapped.
   *
   * @param now running nanoseconds
   */
  public void use(long key, long now) {
    int slot = slot(key, now);
    ticks++;
    usesLately = usesLately(now) + 1;
    lastUse = now;
    long age = ticks - lastTicks[slot];
    counts[3 * slot] = plusOne(counts[3 * slot], (double) age / LONG);
    decay(3 * slot + 1, (double) age / SHORT);
    decay(3 * slot + 2, (double) age / LONG);
    lastTicks[slot] = ticks;
    lastUses[slot] = now;
  }

  /** It was loaded from a storage tier; a use, which ends the load, is counted by itself. */
  public void load(long key, long now) {
    int slot = slot(key, now);
    long age = ticks - lastTicks[slot];
    counts[3 * slot + 1] = asOf(plusOne(counts[3 * slot + 1], (double) age / SHORT), age, SHORT);
    counts[3 * slot + 2] = asOf(plusOne(counts[3 * slot + 2], (double) age / LONG), age, LONG);
    lastUses[slot] = now;
  }

  /** Counts are kept as of the last tick of their artifact. */
  private static float asOf(float count, long age, long halfLife) {
    return (float) (count + (double) age / halfLife);
  }

  private static float plusOne(float count, double halfLives) {
    return count == NEVER ? 0 : LogSum.plusOne(count, halfLives);
  }

  private void decay(int at, double halfLives) {
    counts[at] -= (float) halfLives; // never stays never
  }

  /** Who has chosen its tier. */
  public void placed(long key, boolean byRule, long now) {
    int slot = slot(key, now); // may make new arrays
    placed[slot] = byRule ? BY_RULE : BY_PERSON;
  }

  /** It was moved. */
  public void moved(long key, long now) {
    int slot = slot(key, now);
    lastMoves[slot] = now;
  }

  /**
   * What is known of an artifact; null if nothing is.
   *
   * @param now running nanoseconds
   */
  public @Nullable Heat heat(long key, long now) {
    int slot = index.find(key, keys);
    if (slot < 0) {
      return null;
    }
    long age = ticks - lastTicks[slot];
    double soon = count(counts[3 * slot + 1], (double) age / SHORT);
    double lasting = count(counts[3 * slot + 2], (double) age / LONG);
    // After a change of what is wanted the short count tells half of it at once; a burst alone
    // counts half.
    double share = (soon / window(SHORT) + lasting / window(LONG)) / 2;
    return new Heat(
        age,
        lastTicks[slot],
        lastUses[slot],
        lastMoves[slot] < 0 ? Optional.empty() : Optional.of(lastMoves[slot]),
        count(counts[3 * slot], (double) age / LONG),
        lasting,
        share * usesPerSecond(now),
        placed[slot] == 0 ? Optional.empty() : Optional.of(placed[slot] == BY_RULE));
  }

  private static double count(float log2, double halfLives) {
    return log2 == NEVER ? 0 : Math.exp((log2 - halfLives) * Math.log(2));
  }

  /** Ticks whose uses a decayed count holds; fewer after few ticks. */
  private double window(long halfLife) {
    double whole = halfLife / Math.log(2);
    return Math.max(1, whole * -Math.expm1(-ticks / whole));
  }

  /** Uses of any artifact in a second of running time, lately. */
  private double usesPerSecond(long now) {
    double whole = DAY_NANOS / Math.log(2);
    double seen = Math.max(LEAST_SEEN_NANOS, whole * -Math.expm1(-now / whole));
    return usesLately(now) / (seen / 1e9);
  }

  private double usesLately(long now) {
    return usesLately * Math.exp(-Math.max(0, now - lastUse) * Math.log(2) / DAY_NANOS);
  }

  private int slot(long key, long now) {
    int found = index.find(key, keys);
    if (found >= 0) {
      return found;
    }
    if (used == keys.length && used < MOST) {
      grow();
    }
    int slot = used == keys.length ? replaced() : used++;
    keys[slot] = key;
    lastTicks[slot] = ticks;
    lastUses[slot] = now;
    lastMoves[slot] = -1;
    Arrays.fill(counts, 3 * slot, 3 * slot + 3, NEVER);
    placed[slot] = 0;
    index.add(slot, keys);
    return slot;
  }

  private int replaced() {
    int oldest = random.nextInt(used);
    for (int i = 1; i < SAMPLE; i++) {
      int other = random.nextInt(used);
      if (lastTicks[other] < lastTicks[oldest]) {
        oldest = other;
      }
    }
    index.remove(oldest, keys);
    return oldest;
  }

  private void grow() {
    int room = Math.min(MOST, KeyIndex.roomFor(keys.length + 1));
    index.grow(room, used, keys);
    keys = Arrays.copyOf(keys, room);
    lastTicks = Arrays.copyOf(lastTicks, room);
    lastUses = Arrays.copyOf(lastUses, room);
    lastMoves = Arrays.copyOf(lastMoves, room);
    counts = Arrays.copyOf(counts, 3 * room);
    placed = Arrays.copyOf(placed, room);
  }

  /** Bytes that {@link #write} gives. */
  public int savedBytes() {
    return HEAD + used * ENTRY + 4;
  }

  /**
   * All of it, to be saved.
   *
   * @param now running nanoseconds
   */
  public ByteBuffer write(long now) {
    ByteBuffer out = ByteBuffer.allocate(savedBytes());
    out.putInt(MAGIC).putInt(VERSION).putLong(now).putLong(ticks);
    out.putDouble(usesLately).putLong(lastUse).putInt(used);
    for (int i = 0; i < used; i++) {
      out.putLong(keys[i]).putLong(lastTicks[i]).putLong(lastUses[i]).putLong(lastMoves[i]);
      out.putFloat(counts[3 * i]).putFloat(counts[3 * i + 1]).putFloat(counts[3 * i + 2]);
      out.put(placed[i]);
    }
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().flip());
    return out.putInt((int) crc.getValue()).flip();
  }

  /**
   * Takes over what was saved, in place of all that is known.
   *
   * @return the running time when it was saved, in nanoseconds
   * @throws IllegalArgumentException if it is damaged or of another version; nothing has changed
   */
  public long read(ByteBuffer in) {
    check(in);
    in.getLong();
    long now = in.getLong();
    long savedTicks = in.getLong();
    double savedUses = in.getDouble();
    long savedLast = in.getLong();
    int count = in.getInt();
    boolean valid =
        now >= 0
            && savedTicks >= 0
            && savedUses >= 0
            && savedUses < Double.POSITIVE_INFINITY
            && count >= 0
            && count <= MOST
            && in.remaining() == count * ENTRY + 4;
    if (!valid) {
      throw new IllegalArgumentException("its head is not possible");
    }
    clear();
    ticks = savedTicks;
    usesLately = savedUses;
    lastUse = Math.min(now, savedLast);
    for (int i = 0; i < count; i++) {
      entry(in, now);
    }
    return now;
  }

  private static void check(ByteBuffer in) {
    if (in.remaining() < HEAD + 4) {
      throw new IllegalArgumentException("it is too short");
    }
    int end = in.limit() - 4;
    CRC32C crc = new CRC32C();
    crc.update(in.duplicate().limit(end));
    if ((int) crc.getValue() != in.getInt(end)) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    if (in.getInt(in.position()) != MAGIC || in.getInt(in.position() + 4) != VERSION) {
      throw new IllegalArgumentException("it is of another version");
    }
  }

  private void clear() {
    index = new KeyIndex(keys.length);
    used = 0;
  }

  private void entry(ByteBuffer in, long now) {
    int slot = slot(in.getLong(), now);
    lastTicks[slot] = Math.min(ticks, in.getLong());
    lastUses[slot] = Math.min(now, in.getLong());
    lastMoves[slot] = Math.min(now, in.getLong());
    for (int i = 0; i < 3; i++) {
      float count = in.getFloat();
      counts[3 * slot + i] = Math.abs(count) < Float.POSITIVE_INFINITY ? count : NEVER;
    }
    placed[slot] = in.get();
  }
}
