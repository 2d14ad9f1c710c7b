package dev.larder.media.emmc;

import dev.larder.media.folder.MediumType;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is expected of eMMC, and how it is told from a card on the same bus. */
final class EmmcTypes {

  /** 300 MB/s, 8000 small reads per second with one at a time: 125 µs. */
  static final MediumType EMMC_5_1 =
      new MediumType(
          "eMMC 5.1",
          new MediaProfile(
              MediaClass.EMMC,
              125,
              300_000_000L,
              120_000_000L,
              2,
              1 << 20,
              4096,
              4096,
              4 << 20,
              true));

  /**
   * Not its boot areas or its replay-protected one, {@code mmcblk0boot0} and {@code mmcblk0rpmb}.
   */
  private static final Pattern DISK = Pattern.compile("mmcblk\\d+");

  private EmmcTypes() {}

  static Optional<MediumType> of(DeviceDescription device) {
    boolean emmc =
        DISK.matcher(device.disk()).matches() && device.attribute("device/type", "").equals("MMC");
    return emmc ? Optional.of(EMMC_5_1) : Optional.empty();
  }
}
