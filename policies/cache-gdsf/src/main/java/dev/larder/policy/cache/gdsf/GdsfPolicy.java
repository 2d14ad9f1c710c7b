package dev.larder.policy.cache.gdsf;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * What saves least for each byte goes first: accesses × time to load it again ÷ size. What was not
 * used for long ages: see {@link GdsfRanking}.
 */
@Capability(
    namespace = "larder.policy",
    name = GdsfPolicy.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=cache")
@Component(service = CachePolicy.class, property = CachePolicy.NAME + "=" + GdsfPolicy.SHORT_NAME)
public final class GdsfPolicy implements CachePolicy {

  static final String SHORT_NAME = "gdsf";

  @Override
  public String name() {
    return SHORT_NAME;
  }

  /** Each cache has a level of its own. */
  @Override
  public CachePolicy forCache(CacheTraits cache) {
    return new GdsfRanking(cache);
  }

  /** Without a level nothing ages; a cache asks its own instance. */
  @Override
  public double rank(LedgerEntry entry) {
    return GdsfRanking.worth(entry);
  }
}
