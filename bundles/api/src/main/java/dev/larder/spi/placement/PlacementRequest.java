package dev.larder.spi.placement;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Temperature;
import java.util.OptionalLong;

/**
 * What is to be placed.
 *
 * @param kind what it is
 * @param temperature how hot it is
 * @param size its size, if known
 * @param strict whether a wish about latency is a condition
 */
public record PlacementRequest(
    ArtifactKind kind, Temperature temperature, OptionalLong size, boolean strict) {}
