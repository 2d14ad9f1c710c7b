package dev.larder.media.sd;

import dev.larder.api.LarderException;
import dev.larder.media.folder.MediumType;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.MediumLocation;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is expected of SD cards, and how they are told. */
final class SdTypes {

  /**
   * 104 MB/s and 0.6 ms. Its 2000 small reads per second carry 33 MB/s in pieces of 16 KiB one by
   * one, and all of its bandwidth in pieces of 1 MiB, two at a time.
   */
  static final MediumType UHS_I = type("SD UHS-I", 600, 104_000_000L, 40_000_000L, 2000);

  /** 300 MB/s, 4000 small reads per second: 250 µs. */
  static final MediumType UHS_II = type("SD UHS-II", 250, 300_000_000L, 150_000_000L, 4000);

  private static final Pattern DISK = Pattern.compile("mmcblk\\d+");
  private static final String PROFILE = "profile";

  private SdTypes() {}

  private static MediumType type(
      String description, double latencyMicros, long readRate, long writeRate, int randomReads) {
    return new MediumType(
        description,
        new MediaProfile(
            MediaClass.SD,
            latencyMicros,
            readRate,
            writeRate,
            randomReads,
            0,
            2,
            1 << 20,
            4096,
            4096,
            4 << 20,
            true));
  }

  static Optional<MediumType> of(DeviceDescription device) {
    boolean card =
        DISK.matcher(device.disk()).matches() && device.attribute("device/type", "").equals("SD");
    return card ? Optional.of(speed(device)) : Optional.empty();
  }

  /**
   * Kernels are not known to tell a card's bus speed below its disk, so this is UHS-I unless {@code
   * device/speed} or {@code device/uhs} exists and names UHS-II; the option is the sure way.
   */
  private static MediumType speed(DeviceDescription device) {
    String text = device.attribute("device/speed", "") + " " + device.attribute("device/uhs", "");
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return plain.contains("uhsii") || plain.contains("uhs2") ? UHS_II : UHS_I;
  }

  /** As the option says, else as the device looks. */
  static MediumType chosen(MediumLocation location) throws LarderException {
    String option = location.options().getOrDefault(PROFILE, "");
    return switch (option) {
      case "uhs1" -> UHS_I;
      case "uhs2" -> UHS_II;
      case "" -> location.device().flatMap(SdTypes::of).orElse(UHS_I);
      default ->
          throw LarderException.invalid(
              "option profile of an SD card is uhs1 or uhs2, not " + option);
    };
  }
}
