package dev.larder.api;

import java.util.Optional;

/**
 * What to store and how.
 *
 * @param reference the name that it gets
 * @param kind what it is
 * @param tier the storage tier to put it on; chosen by the placement rule if empty
 * @param predecessor what deltas are tried against; found by name if empty
 * @param strict if true, a placement rule's latency wish is a condition
 */
public record PutRequest(
    Reference reference,
    ArtifactKind kind,
    Optional<String> tier,
    Optional<Reference> predecessor,
    boolean strict) {

  /** A put with defaults for all but name and kind. */
  public static PutRequest of(Reference reference, ArtifactKind kind) {
    return new PutRequest(reference, kind, Optional.empty(), Optional.empty(), false);
  }

  /** The same, onto a tier. */
  public PutRequest onTier(String name) {
    return new PutRequest(reference, kind, Optional.of(name), predecessor, strict);
  }
}
