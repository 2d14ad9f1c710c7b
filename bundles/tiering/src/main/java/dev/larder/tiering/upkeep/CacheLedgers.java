package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.TierRole;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.tier.Tier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The ledgers of all cache tiers. Any thread. */
public final class CacheLedgers implements AutoCloseable {

  private final PolicySelector<CachePolicy> policies;
  private final Path folder;
  private final Executor policyThreads;
  private final LongSupplier nanoTime;
  private final Map<String, CacheLedger> ledgers = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param folder where {@code TIER.ledger} is kept
   * @param policyThreads where the policy is told of uses
   */
  public CacheLedgers(
      PolicySelector<CachePolicy> policies,
      Path folder,
      Executor policyThreads,
      LongSupplier nanoTime) {
    this.policies = policies;
    this.folder = folder;
    this.policyThreads = policyThreads;
    this.nanoTime = nanoTime;
  }

  /** That of a cache tier. */
  CacheLedger of(Tier cache) {
    return ledgers.computeIfAbsent(
        cache.name(),
        name ->
            new CacheLedger(policies, folder.resolve(name + ".ledger"), policyThreads, nanoTime));
  }

  /** An artifact was swapped in from RAM. Takes no lock. */
  public void used(Digest digest) {
    ledgers.values().forEach(ledger -> ledger.used(digest));
  }

  /**
   * To be called about every second.
   *
   * @param caches all cache tiers
   */
  public void tick(List<Tier> caches) {
    caches.forEach(cache -> of(cache).tick());
  }

  /** Writes those that have changed. */
  public void note() {
    ledgers.values().forEach(CacheLedger::note);
  }

  /** A tier was removed; one of the same name begins anew. */
  public void forget(Tier tier) {
    if (tier.role() == TierRole.CACHE) {
      of(tier).delete();
      ledgers.remove(tier.name());
    }
  }

  /** Writes all. */
  @Override
  public void close() {
    ledgers.values().forEach(CacheLedger::close);
  }
}
