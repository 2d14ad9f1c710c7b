package dev.larder.spi.media;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to open.
 *
 * @param address folder or address
 * @param device what the core knows of the device behind it, if anything
 * @param capacity most bytes that Larder may take, if less than all
 * @param options of the driver, as given to {@code tier add --option}
 */
public record MediumLocation(
    String address,
    Optional<DeviceDescription> device,
    OptionalLong capacity,
    Map<String, String> options) {}
