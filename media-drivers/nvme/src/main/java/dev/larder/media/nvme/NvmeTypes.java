package dev.larder.media.nvme;

import dev.larder.media.folder.MediumType;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is expected of NVMe drives, and how they are told. */
final class NvmeTypes {

  /**
   * 3500 MB/s, 80 µs. Such a drive takes far more than 4 reads at once, but 4 of 1 MiB fill it, and
   * each more costs a buffer.
   */
  static final MediumType NVME =
      new MediumType(
          "NVMe",
          new MediaProfile(
              MediaClass.NVME,
              80,
              3_500_000_000L,
              2_000_000_000L,
              4,
              1 << 20,
              4096,
              4096,
              0,
              true));

  private static final Pattern DISK = Pattern.compile("nvme\\d+(c\\d+)?n\\d+");

  private NvmeTypes() {}

  static Optional<MediumType> of(DeviceDescription device) {
    return DISK.matcher(device.disk()).matches() ? Optional.of(NVME) : Optional.empty();
  }
}
