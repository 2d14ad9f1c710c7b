package dev.larder.tiering.prefetch;

import dev.larder.api.Digest;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.swap.ArtifactSource.Resolved;
import dev.larder.tiering.swap.Swapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The RAM cache by hashes of artifacts, as predictors know them: of the models that were swapped
 * lately, at most {@link PredictionFile#MOST_DIGESTS}. Any thread.
 */
public final class CacheView implements PrefetchGate.Cache {

  private static final Logger LOG = LoggerFactory.getLogger(CacheView.class);

  /** What a slow card reads, for an artifact whose load was not measured yet. */
  private static final double BYTES_PER_MICRO = 50;

  /** Of accesses to the cache from model to model: the newest weighs so much. */
  private static final double NEWEST = 1.0 / 16;

  private final RamCache ram;
  private final Swapper swapper;
  private final Function<Digest, Optional<Resolved>> tiers;
  private final Map<Long, Digest> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Digest> eldest) {
          return size() > PredictionFile.MOST_DIGESTS;
        }
      };
  private double accessesPerEvent = 1;
  private long lastAccess;

  /**
   * A view.
   *
   * @param tiers an artifact that could be loaded; answered from memory
   */
  public CacheView(RamCache ram, Swapper swapper, Function<Digest, Optional<Resolved>> tiers) {
    this.ram = ram;
    this.swapper = swapper;
    this.tiers = tiers;
  }

  /** A model was swapped in. */
  synchronized void used(Digest digest) {
    known.put(digest.a(), digest);
    long now = ram.record(digest).map(LedgerRecord::now).orElse(lastAccess);
    if (lastAccess > 0) {
      accessesPerEvent += (now - lastAccess - accessesPerEvent) * NEWEST;
    }
    lastAccess = now;
  }

  private synchronized @Nullable Digest digest(long key) {
    return known.get(key);
  }

  /** All that are known, the one that was used longest ago first. */
  synchronized List<Digest> known() {
    return List.copyOf(known.values());
  }

  /** An artifact that could be loaded. */
  Optional<Resolved> find(long key) {
    Digest digest = digest(key);
    return digest == null ? Optional.empty() : tiers.apply(digest);
  }

  /** What was loaded ahead is no longer waited for. */
  void expectNoMore(long key) {
    Digest digest = digest(key);
    if (digest != null) {
      ram.expectNoMore(digest);
    }
  }

  @Override
  public long capacityBytes() {
    return ram.usage().limitBytes();
  }

  @Override
  public boolean has(long key) {
    Digest digest = digest(key);
    return digest != null && (ram.isResident(digest) || swapper.isLoading(digest));
  }

  @Override
  public long sizeOf(long key) {
    return find(key).map(Resolved::size).orElse(0L);
  }

  @Override
  public double loadMicros(long key, long size) {
    Digest digest = digest(key);
    double measured =
        digest == null ? 0 : ram.record(digest).map(LedgerRecord::reloadMicros).orElse(0.0);
    return measured > 0 ? measured : size / BYTES_PER_MICRO;
  }

  @Override
  public double lossMicros(long bytes) {
    double accesses;
    synchronized (this) {
      accesses = accessesPerEvent * PrefetchGate.HORIZON;
    }
    try {
      return ram.lossMicros(bytes, accesses);
    } catch (IOException e) {
      LOG.debug("it cannot be said what would have to go for {} bytes", bytes, e);
      return Double.POSITIVE_INFINITY;
    }
  }
}
