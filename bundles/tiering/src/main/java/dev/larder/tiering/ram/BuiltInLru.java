package dev.larder.tiering.ram;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;

/** What decides when no policy is installed, or the one that is misbehaves: least recently used. */
public final class BuiltInLru implements CachePolicy {

  /** Its name; no plug-in has it. */
  public static final String NAME = "built-in-lru";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double rank(LedgerEntry entry) {
    return entry.lastTick();
  }
}
