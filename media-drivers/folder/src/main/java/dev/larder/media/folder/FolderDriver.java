package dev.larder.media.folder;

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
 * A folder on any mounted file system, for media that no other driver knows.
 *
 * <p>Options: {@code direct=false} keeps all reads in the page cache.
 */
@Capability(namespace = MediaDriver.NAME, name = FolderDriver.SHORT_NAME, version = "1.0.0")
@Component(service = MediaDriver.class, property = MediaDriver.NAME + "=" + FolderDriver.SHORT_NAME)
public final class FolderDriver implements MediaDriver {

  static final String SHORT_NAME = "folder";

  private static final FormatId ID = new FormatId("dev.larder.media.folder", 1);

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
    return Optional.of(FolderTypes.of(Optional.of(device)).recognition(device, 1));
  }

  @Override
  public Medium open(MediumLocation location) throws IOException {
    return FolderTypes.of(location.device()).open(location);
  }
}
