package dev.larder.media.emmc;

import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediumHealth;
import java.util.OptionalDouble;

/**
 * Wear as an eMMC device reports it (JEDEC JESD84-B51, EXT_CSD bytes 267 to 269): {@code
 * device/life_time} holds two estimates in steps of 10 %, {@code device/pre_eol_info} the state of
 * the spare blocks.
 */
final class EmmcHealth {

  private EmmcHealth() {}

  static MediumHealth of(DeviceDescription device) {
    int steps = 0;
    for (String estimate : device.attribute("device/life_time", "").split("\\s+", 2)) {
      steps = Math.max(steps, hex(estimate));
    }
    OptionalDouble lifeUsed =
        steps < 1 || steps > 11 ? OptionalDouble.empty() : OptionalDouble.of(steps / 10.0);
    return new MediumHealth(
        lifeUsed, findings(hex(device.attribute("device/pre_eol_info", "")), steps));
  }

  private static String findings(int preEndOfLife, int steps) {
    if (preEndOfLife == 3 || steps == 11) {
      return "worn out: replace it now";
    }
    return preEndOfLife == 2 ? "80 % of its spare blocks are used: plan to replace it" : "";
  }

  private static int hex(String text) {
    try {
      return Integer.decode(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
