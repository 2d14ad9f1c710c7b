package dev.larder.api;

/**
 * A policy that could be used.
 *
 * @param service what it decides
 * @param name its name
 * @param bundle symbolic name and version of its bundle; {@code built-in} for the fallback
 * @param active whether it decides now
 */
public record PolicyInfo(Service service, String name, String bundle, boolean active) {

  /** What policies decide. */
  public enum Service {
    /** Who stays in RAM. */
    CACHE,
    /** Which tier an artifact goes to. */
    PLACEMENT,
    /** What is loaded ahead. */
    PREDICTION,
    /** Which codec encodes a block. */
    CODEC
  }
}
