package dev.larder.spi.cache;

import org.osgi.annotation.versioning.ProviderType;

/** What a policy may know of the cache that it ranks for. Any thread. */
@ProviderType
public interface CacheTraits {

  /** Bytes that it may hold now; the limit can be changed while it runs. */
  long capacityBytes();

  /** Entries that it holds now. */
  int residents();

  /** Whether what is not admitted can be served without being kept; false if all must be kept. */
  default boolean mayBypass() {
    return false;
  }
}
