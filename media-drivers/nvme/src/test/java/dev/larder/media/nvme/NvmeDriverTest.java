package dev.larder.media.nvme;

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
final class NvmeDriverTest {

  private final NvmeDriver driver = new NvmeDriver();

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
  void recognisesNvmeDisksAndNothingElse() {
    Map<String, String> attributes =
        Map.of(
            "queue/rotational", "0",
            "queue/physical_block_size", "512",
            "device/model", "Samsung SSD 980 1TB");
    assertThat(driver.recognise(disk("nvme0n1", attributes)))
        .hasValueSatisfying(
            r -> {
              assertThat(r.confidence()).isEqualTo(90);
              assertThat(r.medium()).isEqualTo("NVMe");
              assertThat(r.profile().sectorBytes()).isEqualTo(512);
            });
    assertThat(driver.recognise(disk("nvme1c0n1", Map.of()))).isPresent();
    for (String other : new String[] {"sda", "mmcblk0", "vda", "", "nvme"}) {
      assertThat(driver.recognise(disk(other, Map.of()))).isEmpty();
    }
  }

  @Test
  void anUnbelievableSectorSizeIsNotUsed() {
    for (String size : new String[] {"", "x", "0", "-512", "513", "1048576", "99999999999"}) {
      assertThat(driver.recognise(disk("nvme0n1", Map.of("queue/physical_block_size", size))))
          .hasValueSatisfying(r -> assertThat(r.profile().sectorBytes()).isEqualTo(4096));
    }
  }

  @Test
  void chosenByHandItOpensAnyFolderWithTheDisksGeometry() throws IOException {
    Optional<DeviceDescription> device =
        Optional.of(disk("vda", Map.of("queue/physical_block_size", "512")));
    try (Medium medium = open(device, Map.of())) {
      assertThat(medium.description()).isEqualTo("NVMe");
      assertThat(medium.profile().sectorBytes()).isEqualTo(4096); // what the page cache writes
      assertThat(medium.profile().readBytesPerSecond()).isEqualTo(3_500_000_000L);
      assertThatThrownBy(() -> open(device, Map.of())).isInstanceOf(LarderException.class);
    }
  }
}
