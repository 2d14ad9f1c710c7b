package dev.larder.store;

/** What a medium is read for, the most urgent first. */
public enum Lane {
  /** Somebody waits for an artifact. */
  SWAP,
  /** A new version is held against the one before. */
  PUT,
  /** An artifact may be wanted soon. */
  PREFETCH,
  /** Artifacts move to another tier, and blocks to another pack. */
  MIGRATION,
  /** What is stored is checked. */
  SCRUB
}
