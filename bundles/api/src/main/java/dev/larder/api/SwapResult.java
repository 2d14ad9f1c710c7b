package dev.larder.api;

import java.nio.file.Path;

/**
 * An artifact that is active.
 *
 * @param path the file to map; read-only, its bytes never change
 * @param digest of the content
 * @param size of the content
 * @param nanos how long the swap took
 * @param level where it was found
 * @param bytesRead encoded bytes read from tiers
 * @param bytesReused bytes copied from what was in RAM already
 * @param lease id of the lease that keeps the file
 */
public record SwapResult(
    Path path,
    Digest digest,
    long size,
    long nanos,
    SwapLevel level,
    long bytesRead,
    long bytesReused,
    String lease) {}
