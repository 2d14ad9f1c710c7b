package dev.larder.spi.cache;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The core's record of one object: resident, or evicted lately. A view that is valid during the
 * call it is handed to; a policy does not keep it.
 */
@ProviderType
public interface LedgerEntry {

  /** Number of half-lives of {@link #frequency}. */
  int HALF_LIVES = 6;

  /** Hash of what it is; the same for the same content. */
  long key();

  /** Bytes that it takes. */
  long size();

  /** Logical time of this cache now: accesses so far. */
  long now();

  /** Logical time of its last access. */
  long lastTick();

  /**
   * Logarithm (base 2) of its decayed access count, in a form whose order against other entries
   * stays the same between accesses: {@code log2(sum over its accesses a of 2^((a - now)/H)) +
   * now/H} with half-life H = 2^5, 2^8, 2^11, 2^14, 2^17, 2^20 accesses. After LRFU (Lee et al.,
   * 2001): a short half-life ranks like LRU, a long one like LFU.
   *
   * @param halfLife index of the half-life, 0 to {@link #HALF_LIVES} - 1
   */
  double frequency(int halfLife);

  /** Microseconds that loading it again would take, as measured. */
  double reloadMicros();

  /** Whether it is in the cache; false for one that is only remembered. */
  boolean resident();

  /** Whether it was loaded ahead and not yet used. */
  boolean prefetched();
}
