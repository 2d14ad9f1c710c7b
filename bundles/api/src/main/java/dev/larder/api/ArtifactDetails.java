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
 * @param chunker what cut it, with version; empty while no replica can be looked at
 * @param away names of the tiers that hold a replica and are away, as far as that is known
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
    String chunker,
    List<String> away) {

  /** An artifact that is on no tier that is away. */
  public ArtifactDetails(
      Reference reference,
      Digest digest,
      long size,
      ArtifactKind kind,
      Temperature temperature,
      List<Replica> replicas,
      List<HistoryEntry> history,
      long reclaimableBytes,
      long blocks,
      String chunker) {
    this(
        reference,
        digest,
        size,
        kind,
        temperature,
        replicas,
        history,
        reclaimableBytes,
        blocks,
        chunker,
        List.of());
  }
}
