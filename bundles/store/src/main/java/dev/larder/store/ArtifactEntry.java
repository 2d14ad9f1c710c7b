package dev.larder.store;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;

/**
 * A complete replica on a volume.
 *
 * @param digest of the content
 * @param size of the content
 * @param kind what it is
 * @param blocks how many it has
 * @param storedBytes encoded bytes of its blocks, those shared with others included
 * @param sequence of its manifest's commit record on this volume
 */
public record ArtifactEntry(
    Digest digest, long size, ArtifactKind kind, int blocks, long storedBytes, long sequence) {}
