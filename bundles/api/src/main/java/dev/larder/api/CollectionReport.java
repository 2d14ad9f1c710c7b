package dev.larder.api;

/**
 * What a collection did.
 *
 * @param artifacts replicas dropped
 * @param blocks blocks dropped
 * @param packs packs deleted
 * @param reclaimedBytes allocated bytes given back
 * @param rewrittenBytes live bytes that had to be moved
 */
public record CollectionReport(
    long artifacts, long blocks, long packs, long reclaimedBytes, long rewrittenBytes) {

  /** The sum of two. */
  public CollectionReport plus(CollectionReport other) {
    return new CollectionReport(
        artifacts + other.artifacts,
        blocks + other.blocks,
        packs + other.packs,
        reclaimedBytes + other.reclaimedBytes,
        rewrittenBytes + other.rewrittenBytes);
  }
}
