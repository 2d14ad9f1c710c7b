package dev.larder.media.sd;

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
final class SdDriverTest {

  private final SdDriver driver = new SdDriver();

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
  void recognisesCardsAndTheirSpeedWhereItIsTold() {
    Map<String, String> card =
        Map.of("device/type", "SD", "device/name", "SC64G", "queue/physical_block_size", "512");
    assertThat(driver.recognise(disk("mmcblk0", card)))
        .hasValueSatisfying(
            r -> {
              assertThat(r.confidence()).isEqualTo(90);
              assertThat(r.medium()).isEqualTo("SD UHS-I");
              assertThat(r.profile().sectorBytes()).isEqualTo(512);
              assertThat(r.profile().queueDepth()).isEqualTo(2);
            });
    for (String told : new String[] {"UHS-II", "sd_uhs2", "UHS II"}) {
      assertThat(
              driver.recognise(disk("mmcblk1", Map.of("device/type", "SD", "device/speed", told))))
          .hasValueSatisfying(r -> assertThat(r.medium()).isEqualTo("SD UHS-II"));
    }
    assertThat(driver.recognise(disk("mmcblk0", Map.of("device/type", "MMC")))).isEmpty();
    assertThat(driver.recognise(disk("sdb", Map.of("device/type", "SD")))).isEmpty();
  }

  @Test
  void theOptionNamesTheProfile() throws IOException {
    try (Medium medium = open(Optional.empty(), Map.of("profile", "uhs2"))) {
      assertThat(medium.description()).isEqualTo("SD UHS-II");
    }
    try (Medium medium = open(Optional.empty(), Map.of())) {
      assertThat(medium.description()).isEqualTo("SD UHS-I");
      assertThat(medium.profile().readLatencyMicros()).isEqualTo(600);
    }
    assertThatThrownBy(() -> open(Optional.empty(), Map.of("profile", "uhs3")))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("uhs3");
  }
}
