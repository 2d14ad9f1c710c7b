package dev.larder.tiering.plan;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.Temperature;

/**
 * An artifact's home, as a plan sees it.
 *
 * @param digest of the artifact
 * @param kind what it is
 * @param size of its content
 * @param storedBytes what it takes, and what is read of it
 * @param tier where it is
 * @param temperature how hot it is
 * @param loads decayed count of its loads from storage tiers
 * @param loadsPerSecond that are expected
 * @param lastTick of its last use: the order in which what is never loaded goes
 * @param mayRise whether it may go to a faster tier
 * @param maySink whether it may go to a slower one
 * @param settled whether it has not been moved lately
 */
public record Home(
    Digest digest,
    ArtifactKind kind,
    long size,
    long storedBytes,
    String tier,
    Temperature temperature,
    double loads,
    double loadsPerSecond,
    long lastTick,
    boolean mayRise,
    boolean maySink,
    boolean settled) {}
