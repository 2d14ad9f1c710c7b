package dev.larder.api;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A wish to have an artifact in RAM.
 *
 * @param reference what
 * @param timeout how long the caller waits for the load
 * @param lease how long the artifact stays for sure; ignored if {@code pin}
 * @param pin keep it until it is released
 * @param pid process with whose end the lease ends too
 */
public record SwapRequest(
    Reference reference, Duration timeout, Duration lease, boolean pin, OptionalLong pid) {

  /** How long a caller waits if it does not say. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  /** How long a lease lasts if nothing is said. */
  public static final Duration DEFAULT_LEASE = Duration.ofMinutes(10);

  /** Checks the durations: neither is negative, neither is longer than a year. */
  public SwapRequest {
    if (timeout.isNegative()
        || lease.isNegative()
        || timeout.toDays() > 366
        || lease.toDays() > 366) {
      throw new IllegalArgumentException("timeout and lease must be between 0 and a year");
    }
  }

  /** A swap with defaults. */
  public static SwapRequest of(Reference reference) {
    return new SwapRequest(reference, DEFAULT_TIMEOUT, DEFAULT_LEASE, false, OptionalLong.empty());
  }

  /** The same with another timeout. */
  public SwapRequest withTimeout(Duration value) {
    return new SwapRequest(reference, value, lease, pin, pid);
  }

  /** The same with another lease. */
  public SwapRequest withLease(Duration value) {
    return new SwapRequest(reference, timeout, value, pin, pid);
  }
}
