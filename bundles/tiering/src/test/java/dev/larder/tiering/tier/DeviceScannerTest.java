package dev.larder.tiering.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.media.DeviceDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceScannerTest {

  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void aBoardWithACard() throws IOException {
    root = temp.toRealPath();
    Path disk = root.resolve("sys/devices/platform/mmc0/mmc0:0001/block/mmcblk0");
    write(disk.resolve("queue/rotational"), "0\n");
    write(disk.resolve("mmcblk0p1/partition"), "1\n");
    write(disk.resolve("size"), "1000\n");
    write(root.resolve("sys/devices/platform/mmc0/mmc0:0001/type"), "SD\n");
    Files.createSymbolicLink(disk.resolve("device"), Path.of("../.."));
    Files.createDirectories(root.resolve("sys/class/block"));
    Files.createSymbolicLink(root.resolve("sys/class/block/mmcblk0p1"), disk.resolve("mmcblk0p1"));
    Files.createDirectories(root.resolve("media/my card/deep"));
    write(
        root.resolve("proc/mounts"),
        "overlay / overlay rw 0 0\n"
            + "/dev/mmcblk0p1 "
            + root
            + "/media/my\\040card ext4 rw 0 0\n"
            + "tmpfs /dev/shm tmpfs rw 0 0\n");
  }

  @Test
  void aPartitionIsDescribedByItsDisk() throws IOException {
    Optional<DeviceDescription> device =
        new DeviceScanner(root).below(root.resolve("media/my card/deep/not/there/yet"));
    assertThat(device).isPresent();
    assertThat(device.get().mountPoint()).isEqualTo(root + "/media/my card");
    assertThat(device.get().device()).isEqualTo("mmcblk0p1");
    assertThat(device.get().disk()).isEqualTo("mmcblk0");
    assertThat(device.get().attribute("device/type", "")).isEqualTo("SD");
    assertThat(device.get().attribute("queue/rotational", "")).isEqualTo("0");
    assertThat(device.get().attributes()).doesNotContainKey("device/life_time");
  }

  @Test
  void aFolderElsewhereLiesOnWhatHasNoDevice() throws IOException {
    assertThat(new DeviceScanner(root).below(root))
        .hasValueSatisfying(d -> assertThat(d.fileSystem()).isEqualTo("overlay"))
        .hasValueSatisfying(d -> assertThat(d.device()).isEmpty());
  }

  @Test
  void theMachineItselfCanBeDescribed() throws IOException {
    assertThat(new DeviceScanner(Path.of("/")).below(root)).isPresent();
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
