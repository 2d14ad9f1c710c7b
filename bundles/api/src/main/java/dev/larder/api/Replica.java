package dev.larder.api;

/**
 * An artifact's complete set of blocks on one tier.
 *
 * @param tier its name
 * @param role whether it is a durable home or a copy
 * @param storedBytes encoded bytes of its blocks, those shared with others included
 */
public record Replica(String tier, TierRole role, long storedBytes) {}
