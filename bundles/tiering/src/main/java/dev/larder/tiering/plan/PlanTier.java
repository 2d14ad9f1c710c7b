package dev.larder.tiering.plan;

import dev.larder.spi.media.MediaProfile;

/**
 * A storage tier as a plan sees it.
 *
 * @param name its name
 * @param profile its medium
 * @param capacityBytes most that it may take
 * @param freeBytes what it may still take
 * @param budgetBytes what may be written to it now on our own account
 * @param dailyBytes most of that: what is larger may be written when all of it is left
 */
public record PlanTier(
    String name,
    MediaProfile profile,
    long capacityBytes,
    long freeBytes,
    long budgetBytes,
    long dailyBytes) {

  private static final double MICROS = 1e6;

  /** Less is within what two measurements of one device differ by. */
  private static final double CLEARLY = 1.25;

  /** Seconds that it takes to load something. */
  public double loadSeconds(long storedBytes) {
    return profile.readLatencyMicros() / MICROS
        + (double) storedBytes / profile.readBytesPerSecond();
  }

  /** Whether something of that size is clearly loaded faster from here. */
  boolean isFasterThan(PlanTier other, long storedBytes) {
    return loadSeconds(storedBytes) * CLEARLY < other.loadSeconds(storedBytes);
  }
}
