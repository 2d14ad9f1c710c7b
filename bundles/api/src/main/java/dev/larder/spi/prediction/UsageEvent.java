package dev.larder.spi.prediction;

import java.util.OptionalInt;

/**
 * One swap.
 *
 * @param key hash of the artifact
 * @param stream hash of who asked, where it is known; 0 else
 * @param tick logical time: swaps so far
 * @param monotonicNanos monotonic time
 * @param halfHour of the week (0 to 335), only while the clock is known to be right
 */
public record UsageEvent(
    long key, long stream, long tick, long monotonicNanos, OptionalInt halfHour) {}
