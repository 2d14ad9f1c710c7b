package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.spi.media.MediumLocation;
import dev.larder.store.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Opens the volumes of tiers: finds the driver, opens the medium, refuses twins. */
final class VolumeOpener {

  private final TierEnvironment environment;
  private final Map<UUID, String> attached = new ConcurrentHashMap<>();

  VolumeOpener(TierEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Opens a tier's volume; the driver's lease goes with it.
   *
   * @param mayMake whether a volume may be made where there is none
   */
  OpenVolume open(TierSpec spec, boolean mayMake) throws IOException {
    Optional<DeviceDescription> device = device(spec.location());
    Drivers.Choice choice = environment.drivers().choose(spec.driver(), device);
    Volume volume;
    try {
      volume = openVolume(spec, choice, device, mayMake);
    } catch (IOException | RuntimeException e) {
      choice.lease().close();
      throw typed(spec, e);
    }
    String other = attached.putIfAbsent(volume.uuid(), spec.name());
    if (other != null) {
      LarderException refusal = twin(volume.uuid(), other);
      volume.close();
      choice.lease().close();
      throw refusal;
    }
    return new OpenVolume(volume, choice.lease());
  }

  void closed(OpenVolume open) {
    attached.remove(open.volume.uuid());
  }

  private Volume openVolume(
      TierSpec spec, Drivers.Choice choice, Optional<DeviceDescription> device, boolean mayMake)
      throws IOException {
    if (isFolder(spec.location()) && !Files.isDirectory(Path.of(spec.location()))) {
      throw new LarderException(
          ErrorCode.NOT_FOUND,
          "there is no folder " + spec.location(),
          "make it, or mount the medium it is on");
    }
    Medium medium =
        choice
            .lease()
            .service()
            .open(new MediumLocation(spec.location(), device, spec.capacity(), spec.options()));
    try {
      if (!mayMake && isBlank(medium)) {
        throw new LarderException(
            ErrorCode.INVALID_ARGUMENT,
            "the folder " + spec.location() + " is not empty and holds no volume of Larder",
            "name an empty folder, so that nothing of others is touched");
      }
      return Volume.open(medium, environment.volumes());
    } catch (IOException | RuntimeException e) {
      try {
        medium.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static boolean isBlank(Medium medium) throws IOException {
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      if (medium.readSuperblock(copy).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private static IOException typed(TierSpec spec, Exception e) {
    if (e instanceof LarderException typed) {
      String message = String.valueOf(typed.getMessage());
      return message.contains(spec.location())
          ? typed
          : new LarderException(
              typed.code(), spec.location() + ": " + message, typed.advice(), typed);
    }
    if (e instanceof IllegalArgumentException) {
      return new LarderException(
          ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), "see the driver's page", e);
    }
    ErrorCode code = e instanceof MediumGoneException ? ErrorCode.TIER_ABSENT : ErrorCode.IO_ERROR;
    return new LarderException(
        code,
        "the volume at " + spec.location() + " cannot be opened: " + e.getMessage(),
        "check the medium; it is tried again",
        e);
  }

  private static LarderException twin(UUID volume, String other) {
    return new LarderException(
        ErrorCode.ALREADY_EXISTS,
        "volume "
            + volume
            + " is attached already, as tier "
            + other
            + ": this one is a copy of it",
        "detach the other one first; two copies of one volume would drift apart");
  }

  private Optional<DeviceDescription> device(String location) throws IOException {
    return isFolder(location) ? environment.devices().below(Path.of(location)) : Optional.empty();
  }

  /** Whether a location is a folder and not an address that only its driver understands. */
  static boolean isFolder(String location) {
    return !location.contains("://");
  }
}
