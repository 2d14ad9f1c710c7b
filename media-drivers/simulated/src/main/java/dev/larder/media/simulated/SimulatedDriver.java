package dev.larder.media.simulated;

import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Disks in memory, at {@code sim://NAME}, that go wrong as their options say ({@link
 * DriverOptions}). A disk is made when it is first opened; it is there until the bundle stops. It
 * is never recognised, only chosen by hand.
 */
@Capability(namespace = MediaDriver.NAME, name = SimulatedDriver.SHORT_NAME, version = "1.0.0")
@Component(
    service = {MediaDriver.class, SimulatedDriver.class},
    property = MediaDriver.NAME + "=" + SimulatedDriver.SHORT_NAME)
public final class SimulatedDriver implements MediaDriver {

  static final String SHORT_NAME = "simulated";

  private static final FormatId ID = new FormatId("dev.larder.media.simulated", 1);
  private static final Pattern ADDRESS = Pattern.compile("sim://([A-Za-z0-9][A-Za-z0-9._-]{0,63})");

  private final Map<String, SimulatedDisk> disks = new TreeMap<>();

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
    return Optional.empty();
  }

  @Override
  public Medium open(MediumLocation location) throws IOException {
    return disk(location).open(location.capacity());
  }

  private SimulatedDisk disk(MediumLocation location) throws LarderException {
    Matcher address = ADDRESS.matcher(location.address());
    if (!address.matches()) {
      throw LarderException.invalid(
          "a simulated medium is at sim://NAME, not at " + location.address());
    }
    DriverOptions options = DriverOptions.of(location.options());
    synchronized (disks) {
      return disks.computeIfAbsent(address.group(1), options::disk);
    }
  }

  /**
   * A disk that was opened before.
   *
   * @throws LarderException {@code NOT_FOUND}
   */
  public SimulatedDisk disk(String name) throws LarderException {
    synchronized (disks) {
      SimulatedDisk disk = disks.get(name);
      if (disk == null) {
        throw LarderException.notFound(
            "there is no simulated disk " + name + ", but " + disks.keySet(),
            "add a tier at sim://" + name + " first");
      }
      return disk;
    }
  }
}
