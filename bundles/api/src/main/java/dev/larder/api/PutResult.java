package dev.larder.api;

/**
 * What a put did. It is durable.
 *
 * @param reference the name that it got
 * @param digest of the content
 * @param size of the content
 * @param storedBytes encoded bytes of the blocks that were new
 * @param newBlocks blocks that the tier did not have
 * @param totalBlocks blocks of the artifact
 * @param tier where it is
 * @param created false if the tier held this content already
 * @param nanos how long it took
 */
public record PutResult(
    Reference reference,
    Digest digest,
    long size,
    long storedBytes,
    long newBlocks,
    long totalBlocks,
    String tier,
    boolean created,
    long nanos) {}
