package dev.larder.tiering.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.media.emmc.EmmcDriver;
import dev.larder.media.folder.FolderDriver;
import dev.larder.media.nvme.NvmeDriver;
import dev.larder.media.pmem.PmemDriver;
import dev.larder.media.sd.SdDriver;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the sysfs trees of boards; each tree says where it is from. */
final class BoardsTest {

  private static final List<MediaDriver> DRIVERS =
      List.of(
          new FolderDriver(), new NvmeDriver(), new EmmcDriver(), new SdDriver(), new PmemDriver());

  @TempDir Path temp;

  private DeviceDescription mount(String board, String place) throws IOException {
    return BoardTree.lay(board, temp.resolve("root")).mounts().stream()
        .filter(mount -> mount.mountPoint().equals(place))
        .findAny()
        .orElseThrow();
  }

  private static int confidence(MediaDriver driver, DeviceDescription device) {
    return driver.recognise(device).map(Recognition::confidence).orElse(0);
  }

  private static MediaDriver best(DeviceDescription device) {
    return DRIVERS.stream()
        .max(Comparator.comparingInt(driver -> confidence(driver, device)))
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "raspberry-pi-4,   /,           sd,     SD UHS-I,                            SD,     true",
    "raspberry-pi-4,   /boot/firmware, sd,  SD UHS-I,                            SD,     true",
    "emmc-module,      /,           emmc,   eMMC 5.1,                            EMMC,   true",
    "nvme-board,       /,           nvme,   NVMe,                                NVME,   true",
    "pmem-server,      /mnt/dax,    pmem,   'persistent memory, DAX',            PMEM,   true",
    "pmem-server,      /mnt/plain,  pmem,   persistent memory,                   PMEM,   true",
    "virtual-machine,  /,           folder, folder on ext4,                      OTHER,  true",
    "virtual-machine,  /dev/shm,    folder, folder on tmpfs in memory,           OTHER,  false",
    "other-mounts,     /,           folder, folder on overlay,                   OTHER,  true",
    "other-mounts,     /run,        folder, folder on tmpfs in memory,           OTHER,  false",
    "other-mounts,     /mnt/image,  folder, folder on ext4 of a loop device,     OTHER,  true",
    "other-mounts,     /mnt/nfs,    folder, folder on nfs4,                      REMOTE, false",
    "other-mounts,     /mnt/cifs,   folder, folder on cifs,                      REMOTE, false",
    "other-mounts,     /mnt/ssh,    folder, folder on fuse.sshfs,                REMOTE, false",
    "other-mounts,     /mnt/stick,  folder, folder on exfat,                     OTHER,  true",
  })
  void eachMountGetsTheDriverThatIsMadeForIt(
      String board,
      String place,
      String driver,
      String medium,
      MediaClass mediaClass,
      boolean forceBelieved)
      throws IOException {
    DeviceDescription device = mount(board, place);
    MediaDriver best = best(device);
    Recognition recognition = best.recognise(device).orElseThrow();
    assertThat(best.name()).isEqualTo(driver);
    assertThat(recognition.medium()).isEqualTo(medium);
    assertThat(recognition.profile().mediaClass()).isEqualTo(mediaClass);
    assertThat(recognition.profile().forceBelieved()).isEqualTo(forceBelieved);
  }

  @Test
  void namedFiguresAreThoseOfTheStartingDocument() throws IOException {
    Map<String, Long> expected =
        Map.of("raspberry-pi-4", 104L, "emmc-module", 300L, "nvme-board", 3500L);
    int number = 0;
    for (Map.Entry<String, Long> board : expected.entrySet()) {
      DeviceDescription device =
          BoardTree.lay(board.getKey(), temp.resolve("root" + number++)).mounts().get(0);
      assertThat(best(device).recognise(device).orElseThrow().profile().readBytesPerSecond())
          .isEqualTo(board.getValue() * 1_000_000);
    }
  }

  private Medium open(DeviceScanner scanner) throws IOException {
    DeviceDescription device = scanner.mounts().get(0);
    return best(device)
        .open(
            new MediumLocation(
                temp.resolve("volume").toString(),
                Optional.of(device),
                OptionalLong.empty(),
                Map.of(),
                () -> now(scanner)));
  }

  private static Optional<DeviceDescription> now(DeviceScanner scanner) {
    try {
      return Optional.of(scanner.mounts().get(0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void wearOfEmmcIsTold() throws IOException {
    try (Medium medium = open(BoardTree.lay("emmc-module", temp.resolve("root")))) {
      MediumHealth health = medium.health();
      assertThat(health.lifeUsed()).hasValue(0.9);
      assertThat(health.findings()).startsWith("80 % of its spare blocks are used");
    }
  }

  @Test
  void theTemperatureOfAnNvmeDriveIsToldAsItIsNow() throws IOException {
    Path root = temp.resolve("root");
    Path controller = root.resolve("sys/devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0");
    try (Medium medium = open(BoardTree.lay("nvme-board", root))) {
      assertThat(medium.health().findings()).isEqualTo("85 °C is too hot, it slows down: cool it");
      assertThat(medium.health().lifeUsed()).isEmpty();
      Files.writeString(controller.resolve("hwmon3/temp1_input"), "40850\n");
      Files.writeString(controller.resolve("hwmon3/temp1_alarm"), "0\n");
      assertThat(medium.health()).isEqualTo(MediumHealth.UNKNOWN);
      Files.writeString(controller.resolve("state"), "dead\n");
      assertThat(medium.health().findings()).startsWith("its controller is dead");
    }
  }

  @Test
  void badPlacesOfPersistentMemoryAreTold() throws IOException {
    try (Medium medium = open(BoardTree.lay("pmem-server", temp.resolve("root")))) {
      assertThat(medium.health().findings()).startsWith("2 places");
    }
  }
}
