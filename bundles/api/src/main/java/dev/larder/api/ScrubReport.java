package dev.larder.api;

import java.util.List;

/**
 * What a scrub found.
 *
 * @param blocks blocks read and checked against their SHA-256
 * @param bytes their stored bytes
 * @param bad blocks that failed
 * @param repaired bad blocks that were replaced from another replica
 * @param findings one line for each bad block that stays, at most 100
 */
public record ScrubReport(
    long blocks, long bytes, long bad, long repaired, List<String> findings) {}
