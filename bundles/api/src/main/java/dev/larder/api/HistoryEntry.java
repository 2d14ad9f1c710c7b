package dev.larder.api;

import java.time.Instant;

/**
 * One content that a reference had.
 *
 * @param digest of the content
 * @param since wall-clock time of the change, to read only
 * @param current whether it is what the reference stands for now
 */
public record HistoryEntry(Digest digest, Instant since, boolean current) {}
