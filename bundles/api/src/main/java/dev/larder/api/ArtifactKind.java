package dev.larder.api;

/** What an artifact is; placement and chunking depend on it. */
public enum ArtifactKind {
  /** An AI model: large, swapped in whole, mapped by an inference process. */
  MODEL,
  /** Definitions and recordings of field protocols: small, many, read with low latency. */
  PROTOCOL_DATA
}
