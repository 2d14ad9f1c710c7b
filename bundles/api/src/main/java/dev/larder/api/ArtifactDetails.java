package dev.larder.api;

import java.util.List;

/**
 * All about one reference.
 *
 * @param reference name
 * @param digest of the content
 * @param size of the content
 * @param kind what it is
 * @param temperature how hot it is
 * @param replicas where it is
 * @param history newest first
 * @param reclaimableBytes encoded bytes that only this artifact uses: what collection gives back
 *     after its deletion
 * @param blocks how many blocks it has
 * @param chunker what cut it, with version
 */
public record ArtifactDetails(
    Reference reference,
    Digest digest,
    long size,
    ArtifactKind kind,
    Temperature temperature,
    List<Replica> replicas,
    List<HistoryEntry> history,
    long reclaimableBytes,
    long blocks,
    String chunker) {}
