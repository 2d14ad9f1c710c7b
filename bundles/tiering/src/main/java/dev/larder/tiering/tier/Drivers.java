package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Recognition;
import dev.larder.tiering.plugin.PluginLease;
import dev.larder.tiering.plugin.PluginRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the media driver for a place. */
public final class Drivers {

  private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);

  private final PluginRegistry<MediaDriver> registry;

  /** Over the drivers that are installed. */
  public Drivers(PluginRegistry<MediaDriver> registry) {
    this.registry = registry;
  }

  PluginRegistry<MediaDriver> registry() {
    return registry;
  }

  /** A driver and what it thinks of the device. */
  record Choice(PluginLease<MediaDriver> lease, Optional<Recognition> recognition) {}

  /**
   * Leases the driver of that name, or the one that recognises the device best.
   *
   * @throws LarderException {@code DRIVER_MISSING}
   */
  Choice choose(Optional<String> name, Optional<DeviceDescription> device) throws LarderException {
    if (name.isPresent()) {
      PluginLease<MediaDriver> lease =
          registry.lease(name.get()).orElseThrow(() -> missing(name.get()));
      return new Choice(lease, device.flatMap(d -> recognise(lease, d)));
    }
    Choice best = null;
    for (String candidate : registry.names()) {
      Optional<PluginLease<MediaDriver>> lease = registry.lease(candidate);
      if (lease.isPresent()) {
        best = better(best, lease.get(), device);
      }
    }
    if (best == null) {
      throw new LarderException(
          ErrorCode.DRIVER_MISSING,
          "no installed media driver recognises "
              + device.map(d -> "the " + d.fileSystem() + " at " + d.mountPoint()).orElse("it"),
          "install a driver bundle, or name a driver with --driver");
    }
    return best;
  }

  private static @Nullable Choice better(
      @Nullable Choice best, PluginLease<MediaDriver> lease, Optional<DeviceDescription> device) {
    Optional<Recognition> recognition = device.flatMap(d -> recognise(lease, d));
    boolean wins =
        recognition.isPresent()
            && (best == null
                || recognition.get().confidence()
                    > best.recognition().map(Recognition::confidence).orElse(0));
    if (!wins) {
      lease.close();
      return best;
    }
    if (best != null) {
      best.lease().close();
    }
    return new Choice(lease, recognition);
  }

  /** A driver that fails here does not recognise the device. */
  private static Optional<Recognition> recognise(
      PluginLease<MediaDriver> lease, DeviceDescription device) {
    try {
      return lease.service().recognise(device);
    } catch (RuntimeException e) {
      LOG.warn("driver {} of {} failed on {}", lease.name(), lease.bundle(), device, e);
      return Optional.empty();
    }
  }

  static LarderException missing(String name) {
    return new LarderException(
        ErrorCode.DRIVER_MISSING,
        "the media driver '" + name + "' is not installed",
        "install or start its bundle; what is on the tier is readable again then");
  }
}
