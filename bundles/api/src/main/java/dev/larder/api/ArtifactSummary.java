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
 */
public record ArtifactSummary(
    Reference reference,
    Digest digest,
    long size,
    ArtifactKind kind,
    List<String> tiers,
    Instant since) {}
