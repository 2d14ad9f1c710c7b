package dev.larder.policy.cache.gdsf;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import java.util.Map;
import java.util.TreeMap;

/**
 * GreedyDual-Size-Frequency for one cache (L. Cherkasova, 1998): an entry ranks by L + f × cost /
 * size. L is the rank of what was evicted last, as it was when the entry was last accessed: so
 * those that are used rise above those that are not, without any clock.
 *
 * <p>f is the ledger's count with a half-life of 2^17 accesses, which an entry brings back when it
 * comes again; the cost is the measured time to load it. L is not kept with each entry: it is
 * looked up by the tick of the last access in a list of what it was, with a point at the latest for
 * every sixty-fourth of the residents that went.
 */
final class GdsfRanking implements CachePolicy {

  private static final int HALF_LIFE = 4;
  private static final double HALF_LIFE_TICKS = 1 << 17;
  private static final int POINTS = 1024;
  private static final int PART = 64;

  private final CacheTraits cache;
  private final TreeMap<Long, Double> levels = new TreeMap<>();
  private double level;
  private int evictions; // since the last point

  GdsfRanking(CacheTraits cache) {
    this.cache = cache;
  }

  @Override
  public String name() {
    return GdsfPolicy.SHORT_NAME;
  }

  @Override
  public double rank(LedgerEntry entry) {
    Map.Entry<Long, Double> then = levels.floorEntry(entry.lastTick());
    return (then == null ? 0 : then.getValue()) + worth(entry);
  }

  /** Accesses × cost / size; where loading was not measured yet, all cost the same. */
  static double worth(LedgerEntry entry) {
    double log2Count = entry.frequency(HALF_LIFE) - entry.lastTick() / HALF_LIFE_TICKS;
    double cost = entry.reloadMicros() > 0 ? entry.reloadMicros() : 1;
    return Math.pow(2, log2Count) * cost / Math.max(1, entry.size());
  }

  @Override
  public void evicted(LedgerEntry entry) {
    level = Math.max(level, rank(entry));
    if (++evictions * (long) PART >= cache.residents()) {
      evictions = 0;
      levels.put(entry.now(), level);
      if (levels.size() > POINTS) {
        levels.pollFirstEntry();
      }
    }
  }
}
