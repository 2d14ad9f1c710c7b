package dev.larder.api;

import java.time.Instant;
import java.util.List;

/**
 * A row of a listing.
 *
 * @param reference name
 * @param digest of the content
 * @param size of the content
 * @param kind what it is
 * @param tiers names of the tiers that hold a replica; empty if none of them is attached
 * @param since wall-clock time of the reference's last change, to read only
 * @param away names of the tiers that hold a replica and are away, as far as that is known
 */
public record ArtifactSummary(
    Reference reference,
    Digest digest,
    long size,
    ArtifactKind kind,
    List<String> tiers,
    Instant since,
    List<String> away) {

  /** A row where no tier is away. */
  public ArtifactSummary(
      Reference reference,
      Digest digest,
      long size,
      ArtifactKind kind,
      List<String> tiers,
      Instant since) {
    this(reference, digest, size, kind, tiers, since, List.of());
  }
}
