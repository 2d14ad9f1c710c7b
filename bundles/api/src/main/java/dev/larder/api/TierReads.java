package dev.larder.api;

/**
 * What was read from a tier since it was opened, and what its medium gave lately.
 *
 * @param count reads
 * @param bytes of them
 * @param latencyMicros of small ones, a moving average; 0 if there were none
 * @param bandwidthMBps in millions of bytes a second, a moving average; 0 if too little was read
 */
public record TierReads(long count, long bytes, double latencyMicros, double bandwidthMBps) {

  /** Nothing. */
  public static final TierReads NONE = new TierReads(0, 0, 0, 0);
}
