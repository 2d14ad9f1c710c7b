package dev.larder.policy.cache.lru;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Least recently used goes first. By the time of the last access, so the order is exact; the
 * decayed frequency of the shortest half-life is only near it.
 */
@Capability(
    namespace = "larder.policy",
    name = LruPolicy.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=cache")
@Component(service = CachePolicy.class, property = CachePolicy.NAME + "=" + LruPolicy.SHORT_NAME)
public final class LruPolicy implements CachePolicy {

  static final String SHORT_NAME = "lru";

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public double rank(LedgerEntry entry) {
    return entry.lastTick();
  }
}
