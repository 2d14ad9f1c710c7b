package dev.larder.spi.media;

/**
 * Room on a medium.
 *
 * @param totalBytes most that Larder may take, what it has taken included
 * @param freeBytes what it may still take
 * @param allocatedBytes what its own files take now, as the medium counts
 */
public record Capacity(long totalBytes, long freeBytes, long allocatedBytes) {}
