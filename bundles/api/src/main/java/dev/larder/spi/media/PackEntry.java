package dev.larder.spi.media;

/**
 * A pack that is there.
 *
 * @param number its number, 1 or more
 * @param size bytes that can be read
 */
public record PackEntry(long number, long size) {}
