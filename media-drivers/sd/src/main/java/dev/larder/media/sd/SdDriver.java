package dev.larder.media.sd;

import dev.larder.api.FormatId;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * A folder on an SD card. Chosen by hand, it opens any folder with the profile of a card, which
 * option {@code profile=uhs1} or {@code profile=uhs2} names.
 */
@Capability(namespace = MediaDriver.NAME, name = SdDriver.SHORT_NAME, version = "1.0.0")
@Component(service = MediaDriver.class, property = MediaDriver.NAME + "=" + SdDriver.SHORT_NAME)
public final class SdDriver implements MediaDriver {

  static final String SHORT_NAME = "sd";

  private static final FormatId ID = new FormatId("dev.larder.media.sd", 1);
  private static final int CONFIDENCE = 90;

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public Optional<Recognition> recognise(DeviceDescription device) {
    return SdTypes.of(device).map(type -> type.recognition(device, CONFIDENCE));
  }

  @Override
  public Medium open(MediumLocation location) throws IOException {
    return SdTypes.chosen(location).open(location);
  }
}
