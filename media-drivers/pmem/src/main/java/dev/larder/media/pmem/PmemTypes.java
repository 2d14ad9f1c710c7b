package dev.larder.media.pmem;

import dev.larder.media.folder.MediumType;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.MediumHealth;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** What is expected of persistent memory, and how it is told. */
final class PmemTypes {

  /**
   * One module of the only kind that was widely sold: 6.6 GB/s read, 2.3 GB/s written, 0.3 µs for a
   * random read of a cache line (Izraelevitz et al., "Basic Performance Measurements of the Intel
   * Optane DC Persistent Memory Module", arXiv:1903.05714). Here a small read is 4 KiB, and has a
   * system call or two.
   */
  static final MediumType PMEM = type("persistent memory");

  /** Mounted without DAX the page cache lies between. */
  static final MediumType DAX = type("persistent memory, DAX");

  /** {@code pmem0}, {@code pmem1.2}, and {@code pmem0s} with a table of sectors. */
  private static final Pattern DISK = Pattern.compile("pmem\\d+(\\.\\d+)?s?");

  private PmemTypes() {}

  private static MediumType type(String description) {
    return new MediumType(
        description,
        new MediaProfile(
            MediaClass.PMEM, 4, 6_600_000_000L, 2_300_000_000L, 2, 256 << 10, 4096, 4096, 0, true));
  }

  static Optional<MediumType> of(DeviceDescription device) {
    if (isDax(device)) {
      return Optional.of(DAX);
    }
    return DISK.matcher(device.disk()).matches() ? Optional.of(PMEM) : Optional.empty();
  }

  /**
   * Whether every file of a mount is memory itself ({@code Documentation/filesystems/dax.rst}).
   * With {@code dax=inode}, the default, each file has a flag of its own, which is not looked at.
   */
  static boolean isDax(DeviceDescription device) {
    String options = device.attribute(DeviceDescription.MOUNT_OPTIONS, "");
    return Arrays.stream(options.split(","))
        .anyMatch(option -> option.equals("dax") || option.equals("dax=always"));
  }

  /** Places that cannot be read any more ({@code Documentation/ABI/testing/sysfs-block}). */
  static MediumHealth health(DeviceDescription device) {
    long places = device.attribute("badblocks", "").lines().filter(line -> !line.isBlank()).count();
    String findings = places == 0 ? "" : places + " places of it cannot be read: scrub the tier";
    return new MediumHealth(OptionalDouble.empty(), findings);
  }
}
