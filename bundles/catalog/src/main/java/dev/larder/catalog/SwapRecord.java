package dev.larder.catalog;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;

/**
 * One swap, for the history.
 *
 * @param wallMillis when, for people
 * @param reference what
 * @param digest of the content
 * @param size of the content
 * @param level where it was found
 * @param nanos how long it took
 */
public record SwapRecord(
    long wallMillis, Reference reference, Digest digest, long size, SwapLevel level, long nanos) {}
