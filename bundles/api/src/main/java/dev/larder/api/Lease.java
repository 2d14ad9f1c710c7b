package dev.larder.api;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * While it lasts, an artifact stays in the RAM cache.
 *
 * @param id opaque
 * @param reference what was swapped
 * @param digest of the content
 * @param remaining time left; empty if pinned
 * @param pid process it ends with, if one was named
 */
public record Lease(
    String id,
    Reference reference,
    Digest digest,
    Optional<Duration> remaining,
    OptionalLong pid) {}
