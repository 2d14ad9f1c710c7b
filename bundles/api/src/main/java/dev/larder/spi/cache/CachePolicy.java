package dev.larder.spi.cache;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says which residents of a cache are worth more. The core owns the ledger of all residents and of
 * what was evicted lately; a policy only ranks its entries and holds none of them. So another
 * policy can take over at any moment: nothing is evicted, nothing is forgotten.
 *
 * <p>Registered as an OSGi service with the property {@link #NAME}. There may be several caches:
 * the RAM cache, and each cache tier. All calls for one of them come from one thread at a time. A
 * rank is to take well under 5 µs; a policy that is slow, throws or returns NaN is replaced by the
 * built-in one.
 */
@ConsumerType
public interface CachePolicy {

  /** Service property: the policy's short name, as in {@code larder policy use}. */
  String NAME = "larder.policy.cache";

  /** Short name, the same as the service property. */
  String name();

  /**
   * The policy for one cache. One that learns from accesses returns a new instance for each, since
   * caches see different ones; one without state may return itself.
   *
   * @param cache stays valid as long as the instance is used
   */
  default CachePolicy forCache(CacheTraits cache) {
    return this;
  }

  /**
   * How much an entry is worth. Of the entries that may be evicted, those with the lowest rank are.
   * Between two accesses of an entry the order of its rank against that of other entries without an
   * access should not change, and an access should not lower it: a policy that does otherwise is
   * followed exactly only in a cache of few entries.
   *
   * @return any number but NaN; only the order counts
   */
  double rank(LedgerEntry entry);

  /**
   * Whether a candidate may displace the victims. Asked only where the candidate can be served
   * without being kept.
   *
   * @param candidate what would come in, with its history
   * @param victims what would go, lowest rank first; they are found as they are asked for, once,
   *     and each is valid until the next is asked for
   */
  default boolean admit(LedgerEntry candidate, Iterable<LedgerEntry> victims) {
    return true;
  }

  /**
   * Told of every access, after the ledger has recorded it, in batches and with some of them lost
   * under load.
   */
  default void accessed(LedgerEntry entry, boolean hit) {}

  /**
   * A number that changes when the policy ranks by another rule than before: what the core
   * remembers of ranks is forgotten then.
   */
  default long epoch() {
    return 0;
  }

  /** Told of an entry that goes because another needs its room, before it does. */
  default void evicted(LedgerEntry entry) {}
}
