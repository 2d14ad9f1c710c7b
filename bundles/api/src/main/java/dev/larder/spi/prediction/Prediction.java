package dev.larder.spi.prediction;

/**
 * A guess.
 *
 * @param key hash of the artifact
 * @param confidence 0 to 1
 * @param leadNanos how long until then; 0 if not known
 */
public record Prediction(long key, double confidence, long leadNanos) {}
