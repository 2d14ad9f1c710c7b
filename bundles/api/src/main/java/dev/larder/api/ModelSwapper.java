package dev.larder.api;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The RAM cache: swapping artifacts in, and leases on them. */
@ProviderType
public interface ModelSwapper {

  /**
   * Makes an artifact active: materialises it in the RAM cache, flips its {@code active/NAME:TAG}
   * link and leases it. Concurrent swaps of one artifact share one load.
   *
   * @throws SwapTimeoutException if the load takes longer than the request allows; it goes on
   * @throws RamFullException if everything is leased and it does not fit
   * @throws LarderException {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#TOO_LARGE_FOR_RAM},
   *     {@link ErrorCode#TIER_ABSENT}, {@link ErrorCode#CODEC_MISSING}, {@link ErrorCode#CORRUPT},
   *     …
   */
  SwapResult swap(SwapRequest request) throws LarderException;

  /** Ends a lease. */
  void release(String lease) throws LarderException;

  /** Ends all leases on a reference; tells how many. */
  int release(Reference reference) throws LarderException;

  /** Lets a lease end that long from now. */
  Lease renew(String lease, Duration remaining) throws LarderException;

  /** All leases, oldest first. */
  List<Lease> leases();

  /** Drops an artifact from the RAM cache unless it is leased. */
  Evictions evict(Reference reference) throws LarderException;

  /** Drops all that is not leased. */
  Evictions evictAll();
}
