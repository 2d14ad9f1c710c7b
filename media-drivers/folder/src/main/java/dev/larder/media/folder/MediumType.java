package dev.larder.media.folder;

import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A named expectation of a medium.
 *
 * @param description for people, such as {@code SD UHS-I}
 * @param profile before anything is measured or known of the very device
 */
public record MediumType(String description, MediaProfile profile) {

  private static final int SMALLEST = 512;
  private static final int LARGEST = 4096;

  /** The device's own sector size, in place of the assumed one, where it is known. */
  public MediaProfile profileOn(Optional<DeviceDescription> device) {
    return device
        .map(d -> d.attribute("queue/physical_block_size", ""))
        .flatMap(MediumType::sector)
        .map(sector -> profile.withGeometry(profile.alignmentBytes(), sector))
        .orElse(profile);
  }

  /** An opinion of a device. */
  public Recognition recognition(DeviceDescription device, int confidence) {
    return new Recognition(confidence, description, profileOn(Optional.of(device)));
  }

  /** Opens a folder as a medium of this type, which tells nothing of its health. */
  public FolderMedium open(MediumLocation location) throws IOException {
    return open(location, device -> MediumHealth.UNKNOWN);
  }

  /**
   * Opens a folder as a medium of this type.
   *
   * @param health what a device says of itself now
   */
  public FolderMedium open(
      MediumLocation location, Function<DeviceDescription, MediumHealth> health)
      throws IOException {
    return FolderMedium.open(
        location,
        description,
        profileOn(location.device()),
        () -> location.deviceNow().get().map(health).orElse(MediumHealth.UNKNOWN));
  }

  /** Empty where it is no number, or none that can be believed. */
  private static Optional<Integer> sector(String text) {
    try {
      int size = Integer.parseInt(text);
      boolean believable = size >= SMALLEST && size <= LARGEST && Integer.bitCount(size) == 1;
      return believable ? Optional.of(size) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
