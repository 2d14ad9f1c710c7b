package dev.larder.api;

/** How hot an artifact is; derived from leases, frequency and age, never set by hand. */
public enum Temperature {
  /** Leased. */
  ACTIVE,
  /** Used lately. */
  CACHED,
  /** Not used for long. */
  ARCHIVE
}
