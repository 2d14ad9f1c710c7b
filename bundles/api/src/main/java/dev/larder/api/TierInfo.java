package dev.larder.api;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A tier as it is now.
 *
 * @param name its name
 * @param location folder or address
 * @param driver name of its media driver
 * @param medium what it is, for people, such as {@code SD UHS-I}
 * @param role what its replicas are worth
 * @param state whether it can be used
 * @param reason why it cannot, for people; empty if it can
 * @param volume UUID of its volume, once known
 * @param capacityBytes most bytes that Larder may take
 * @param usedBytes allocated bytes of its files
 * @param artifacts replicas on it
 * @param readLatencyMicros of one small read
 * @param bandwidthMBps of reading, in millions of bytes a second
 * @param bytesWritten since it was made
 * @param figures what else its medium does, and how it is read
 * @param reads what was read from it, and how fast
 * @param wear how much it may be written
 * @param lifeUsed share of the medium's rated life that is used, 0 to 1 and beyond; empty if it
 *     does not say
 * @param findings what is wrong with the medium, one line for people; empty if nothing is known
 */
public record TierInfo(
    String name,
    String location,
    String driver,
    String medium,
    TierRole role,
    TierState state,
    String reason,
    Optional<UUID> volume,
    long capacityBytes,
    long usedBytes,
    long artifacts,
    double readLatencyMicros,
    double bandwidthMBps,
    long bytesWritten,
    TierFigures figures,
    TierReads reads,
    TierWear wear,
    OptionalDouble lifeUsed,
    String findings) {}
