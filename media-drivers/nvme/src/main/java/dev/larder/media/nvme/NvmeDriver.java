package dev.larder.media.nvme;

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
 * A folder on an NVMe drive. Chosen by hand, it opens any folder with the profile of such a drive.
 */
@Capability(namespace = MediaDriver.NAME, name = NvmeDriver.SHORT_NAME, version = "1.0.0")
@Component(service = MediaDriver.class, property = MediaDriver.NAME + "=" + NvmeDriver.SHORT_NAME)
public final class NvmeDriver implements MediaDriver {

  static final String SHORT_NAME = "nvme";

  private static final FormatId ID = new FormatId("dev.larder.media.nvme", 1);
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
    return NvmeTypes.of(device).map(type -> type.recognition(device, CONFIDENCE));
  }

  @Override
  public Medium open(MediumLocation location) throws IOException {
    return NvmeTypes.NVME.open(location, NvmeHealth::of);
  }
}
