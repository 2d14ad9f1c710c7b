package dev.larder.spi.placement;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Temperature;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is to be placed.
 *
 * @param kind what it is
 * @param temperature how hot it is
 * @param size its size, if known
 * @param strict whether a wish about latency is a condition
 * @param loadsPerSecond how often it is expected to be loaded from its tier in a second of running
 *     time; empty if nothing is known of that, as of what has just come
 */
public record PlacementRequest(
    ArtifactKind kind,
    Temperature temperature,
    OptionalLong size,
    boolean strict,
    OptionalDouble loadsPerSecond) {

  /** Something of which it is not known how often it is loaded. */
  public PlacementRequest(
      ArtifactKind kind, Temperature temperature, OptionalLong size, boolean strict) {
    this(kind, temperature, size, strict, OptionalDouble.empty());
  }
}
