package dev.larder.bench.predict;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.tiering.ledger.CandidateSample;
import dev.larder.tiering.ledger.Ledger;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.prefetch.PrefetchGate;
import dev.larder.tiering.prefetch.PrefetchGate.Wish;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The RAM cache without content: what it would hold, with the core's ledger, its samples and its
 * order of what was loaded ahead. A load takes no time here, and none is given up.
 */
final class PrefetchModel implements CacheTraits, PrefetchGate.Cache {

  /** Of the medium that a miss is read from; what counts is the proportion of both. */
  private static final double BYTES_PER_MICRO = 200;

  private static final double LATENCY_MICROS = 300;

  private final long capacity;
  private final CachePolicy policy;
  private final PrefetchGate gate;
  private final Random random = new Random(1);
  private final Ledger ledger = new Ledger(random);
  private final LedgerRecord entry = new LedgerRecord();
  private final Map<Long, Long> sizes = new HashMap<>();
  private long used;
  private long useful;
  private long wasted;

  PrefetchModel(long capacity, CachePolicy policy, PrefetchGate gate) {
    this.capacity = capacity;
    this.policy = policy.forCache(this);
    this.gate = gate;
  }

  /** Bytes that were loaded ahead and used before they were evicted. */
  long usefulBytes() {
    return useful;
  }

  /** Bytes that were loaded ahead and evicted unused. */
  long wastedBytes() {
    return wasted;
  }

  /** Somebody asks for a model; true if it is there. */
  boolean access(long key, long size) {
    boolean hit = ledger.isResident(key) && sizeOf(key) == size;
    if (hit) {
      ledger.read(key, entry);
      useful += entry.prefetched() ? size : 0;
    } else {
      drop(key);
      load(key, size, false);
    }
    sizes.put(key, size);
    ledger.access(key);
    ledger.reloaded(key, loadMicros(key, size));
    if (ledger.read(key, entry)) {
      policy.accessed(entry, hit);
    }
    return hit;
  }

  void prefetch(Wish wish) {
    load(wish.key(), wish.size(), true);
  }

  private void load(long key, long size, boolean ahead) {
    if (size <= capacity) {
      for (long missing = used + size - capacity; missing > 0; missing = used + size - capacity) {
        for (LedgerRecord victim : order()) {
          if (missing > 0) {
            drop(victim.key());
            missing -= victim.size();
          }
        }
      }
      ledger.admit(key, size, ahead);
      used += size;
    }
  }

  private void drop(long key) {
    if (ledger.isResident(key)) {
      ledger.read(key, entry);
      wasted += entry.prefetched() ? entry.size() : 0;
      used -= entry.size();
      ledger.evict(key);
    }
  }

  private record Ranked(LedgerRecord entry, int order, double rank) {}

  /** What would go, the first to go first. */
  private List<LedgerRecord> order() {
    List<LedgerRecord> sample = CandidateSample.of(ledger, key -> true, random);
    return IntStream.range(0, sample.size())
        .mapToObj(i -> new Ranked(sample.get(i), order(sample.get(i)), policy.rank(sample.get(i))))
        .sorted(Comparator.comparingInt(Ranked::order).thenComparingDouble(Ranked::rank))
        .map(Ranked::entry)
        .toList();
  }

  private int order(LedgerRecord candidate) {
    return !candidate.prefetched() ? 0 : gate.isExpected(candidate.key()) ? 1 : -1;
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
  public boolean has(long key) {
    return ledger.isResident(key);
  }

  @Override
  public long sizeOf(long key) {
    return sizes.getOrDefault(key, 0L);
  }

  @Override
  public double loadMicros(long key, long size) {
    return LATENCY_MICROS + size / BYTES_PER_MICRO;
  }

  @Override
  public double lossMicros(long bytes) {
    long missing = used + bytes - capacity;
    double loss = 0;
    if (missing > 0) {
      for (LedgerRecord victim : order()) {
        if (missing > 0 && !gate.isExpected(victim.key())) {
          missing -= victim.size();
          loss += victim.chanceWithin(PrefetchGate.HORIZON) * victim.reloadMicros();
        }
      }
    }
    return missing > 0 ? Double.POSITIVE_INFINITY : loss;
  }
}
