package dev.larder.api;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tier to be added.
 *
 * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]*}, at most 64 characters
 * @param location folder of a file system, or an address that the driver understands
 * @param driver name of the media driver; the one that recognises the medium best if empty
 * @param role what its replicas are worth
 * @param capacity most bytes that Larder may take; the medium's if empty
 * @param options for the driver
 */
public record TierSpec(
    String name,
    String location,
    Optional<String> driver,
    TierRole role,
    OptionalLong capacity,
    Map<String, String> options) {}
