package dev.larder.media.pmem;

import dev.larder.api.FormatId;
import dev.larder.media.folder.FolderMedium;
import dev.larder.media.folder.MediumType;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * A folder on persistent memory. Packs on a mount with DAX are read through mappings, straight from
 * the medium, and past the page cache by direct I/O on one without. Chosen by hand for anything
 * else, it reads mapped files.
 *
 * <p>Option {@code mapped} is {@code true} or {@code false} where that is not to be so.
 */
@Capability(namespace = MediaDriver.NAME, name = PmemDriver.SHORT_NAME, version = "1.0.0")
@Component(service = MediaDriver.class, property = MediaDriver.NAME + "=" + PmemDriver.SHORT_NAME)
public final class PmemDriver implements MediaDriver {

  static final String SHORT_NAME = "pmem";

  private static final FormatId ID = new FormatId("dev.larder.media.pmem", 1);
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
    return PmemTypes.of(device).map(type -> type.recognition(device, CONFIDENCE));
  }

  @Override
  public Medium open(MediumLocation location) throws IOException {
    Optional<MediumType> known = location.device().flatMap(PmemTypes::of);
    // Without DAX the page cache would lie between, and direct I/O goes past it.
    boolean mapped = known.map(type -> type.equals(PmemTypes.DAX)).orElse(true);
    Map<String, String> options = new HashMap<>(location.options());
    options.putIfAbsent(FolderMedium.MAPPED, Boolean.toString(mapped));
    MediumLocation place =
        new MediumLocation(
            location.address(),
            location.device(),
            location.capacity(),
            Map.copyOf(options),
            location.deviceNow());
    return known.orElse(PmemTypes.PMEM).open(place, PmemTypes::health);
  }
}
