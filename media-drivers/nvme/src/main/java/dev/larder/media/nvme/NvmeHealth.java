package dev.larder.media.nvme;

import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediumHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What sysfs tells of an NVMe controller: its state, and its temperature in thousandths of a degree
 * where the kernel has {@code CONFIG_NVME_HWMON}. How much of its life is used ("percentage used"
 * of the SMART log) is not in sysfs: that takes an admin command, and rights to send it.
 */
final class NvmeHealth {

  private static final String SENSOR = "device/hwmon/";
  private static final int MILLI = 1000;

  private NvmeHealth() {}

  static MediumHealth of(DeviceDescription device) {
    List<String> findings = new ArrayList<>();
    String state = device.attribute("device/state", "live");
    if (!state.equals("live")) {
      findings.add("its controller is " + state + ": check the slot and the power");
    }
    long temperature = number(device, "temp1_input");
    long warning = number(device, "temp1_max");
    boolean alarm = number(device, "temp1_alarm") == 1;
    if (alarm || (warning > 0 && temperature >= warning)) {
      findings.add(temperature / MILLI + " °C is too hot, it slows down: cool it");
    }
    return new MediumHealth(OptionalDouble.empty(), String.join("; ", findings));
  }

  private static long number(DeviceDescription device, String attribute) {
    try {
      return Long.parseLong(device.attribute(SENSOR + attribute, ""));
    } catch (NumberFormatException e) {
      return 0; // there is no such sensor
    }
  }
}
