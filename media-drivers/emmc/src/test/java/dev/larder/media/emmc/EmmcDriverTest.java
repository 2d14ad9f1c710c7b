package dev.larder.media.emmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.LarderException;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions written by hand after the layout of sysfs, not recorded on a board. */
final class EmmcDriverTest {

  private final EmmcDriver driver = new EmmcDriver();

  @TempDir Path folder;

  private static DeviceDescription disk(String name, Map<String, String> attributes) {
    return new DeviceDescription("/media/x", "ext4", name + "p1", name, attributes);
  }

  private Medium open(Optional<DeviceDescription> device, Map<String, String> options)
      throws IOException {
    return driver.open(
        new MediumLocation(folder.toString(), device, OptionalLong.empty(), options));
  }

  @Test
  void recognisesSolderedFlashAndNeitherCardsNorBootAreas() {
    assertThat(
            driver.recognise(
                disk("mmcblk0", Map.of("device/type", "MMC", "device/name", "DG4016"))))
        .hasValueSatisfying(
            r -> {
              assertThat(r.confidence()).isEqualTo(90);
              assertThat(r.medium()).isEqualTo("eMMC 5.1");
            });
    assertThat(driver.recognise(disk("mmcblk1", Map.of("device/type", "SD")))).isEmpty();
    assertThat(driver.recognise(disk("mmcblk0boot0", Map.of("device/type", "MMC")))).isEmpty();
    assertThat(driver.recognise(disk("mmcblk0", Map.of()))).isEmpty();
    assertThat(driver.recognise(disk("sda", Map.of("device/type", "MMC")))).isEmpty();
  }

  @Test
  void wearIsToldAsTheDeviceTellsIt() throws IOException {
    Object[][] reports = {
      {"0x01 0x03", "0x01", 0.3, ""},
      {"0x0b 0x01", "0x01", 1.1, "worn out: replace it now"},
      {"0x02 0x02", "0x02", 0.2, "80 % of its spare blocks are used: plan to replace it"},
      {"0x00 0x00", "0x00", -1.0, ""},
      {"garbage", "?", -1.0, ""},
    };
    for (Object[] report : reports) {
      Map<String, String> attributes =
          Map.of(
              "device/type", "MMC",
              "device/life_time", (String) report[0],
              "device/pre_eol_info", (String) report[1]);
      try (Medium medium = open(Optional.of(disk("mmcblk0", attributes)), Map.of())) {
        assertThat(medium.health().lifeUsed().orElse(-1)).isEqualTo((double) report[2]);
        assertThat(medium.health().findings()).isEqualTo(report[3]);
      }
    }
  }

  @Test
  void chosenByHandItOpensAnyFolderOnce() throws IOException {
    try (Medium medium = open(Optional.empty(), Map.of())) {
      assertThat(medium.description()).isEqualTo("eMMC 5.1");
      assertThat(medium.health().lifeUsed()).isEmpty();
      assertThatThrownBy(() -> open(Optional.empty(), Map.of()))
          .isInstanceOf(LarderException.class);
    }
  }
}
