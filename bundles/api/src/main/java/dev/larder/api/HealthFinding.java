package dev.larder.api;

/**
 * One thing that is not as it should be.
 *
 * @param severity how bad
 * @param subject what it is about, such as {@code tier/card} or {@code codec/dev.larder.codec.lz4}
 * @param finding what is the matter
 * @param advice what to do; may be empty
 */
public record HealthFinding(Severity severity, String subject, String finding, String advice) {

  /** How bad. */
  public enum Severity {
    /** Good to know. */
    INFO,
    /** Works, but not as it should. */
    WARNING,
    /** Something cannot be used. */
    ERROR
  }
}
