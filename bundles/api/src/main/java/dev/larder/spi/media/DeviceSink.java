package dev.larder.spi.media;

import org.osgi.annotation.versioning.ProviderType;

/** Told of devices that come and go. */
@ProviderType
public interface DeviceSink {

  /** A device that can be opened is there. */
  void arrived(DeviceDescription device);

  /** It is gone. Media opened on it fail with {@link MediumGoneException}. */
  void removed(DeviceDescription device);
}
