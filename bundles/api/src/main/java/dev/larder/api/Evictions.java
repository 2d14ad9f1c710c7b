package dev.larder.api;

import java.util.List;

/**
 * What an eviction did.
 *
 * @param evicted digests that left the RAM cache
 * @param leased references that stayed because they are leased
 */
public record Evictions(List<Digest> evicted, List<Reference> leased) {}
