package dev.larder.policy.cache.lfu;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Least frequently used goes first. By the ledger's longest half-life, about a million accesses: a
 * count that forgets slowly, so what was popular long ago does not stay for ever.
 */
@Capability(
    namespace = "larder.policy",
    name = LfuPolicy.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=cache")
@Component(service = CachePolicy.class, property = CachePolicy.NAME + "=" + LfuPolicy.SHORT_NAME)
public final class LfuPolicy implements CachePolicy {

  static final String SHORT_NAME = "lfu";

  private static final int LONGEST = LedgerEntry.HALF_LIVES - 1;

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public double rank(LedgerEntry entry) {
    return entry.frequency(LONGEST);
  }
}
