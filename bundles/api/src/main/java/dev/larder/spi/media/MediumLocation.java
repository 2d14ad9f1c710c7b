package dev.larder.spi.media;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What to open.
 *
 * @param address folder or address
 * @param device what the core knows of the device behind it, if anything
 * @param capacity most bytes that Larder may take, if less than all
 * @param options of the driver, as given to {@code tier add --option}
 * @param deviceNow looks at the device again: wear and temperature change while it is open
 */
public record MediumLocation(
    String address,
    Optional<DeviceDescription> device,
    OptionalLong capacity,
    Map<String, String> options,
    Supplier<Optional<DeviceDescription>> deviceNow) {

  /** One whose device is not looked at again. */
  public MediumLocation(
      String address,
      Optional<DeviceDescription> device,
      OptionalLong capacity,
      Map<String, String> options) {
    this(address, device, capacity, options, () -> device);
  }
}
