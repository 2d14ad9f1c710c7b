package dev.larder.api;

/**
 * What a cache policy would have reached on the accesses of late, from an empty cache on.
 *
 * @param policy its name
 * @param active whether it decides now
 * @param accesses how many there were
 * @param objectHitRatio share of them that it would have served from RAM, 0 to 1
 * @param byteHitRatio the same in bytes
 */
public record PolicyTrial(
    String policy, boolean active, long accesses, double objectHitRatio, double byteHitRatio) {}
