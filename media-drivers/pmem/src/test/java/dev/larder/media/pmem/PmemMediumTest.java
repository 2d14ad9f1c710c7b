package dev.larder.media.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.contract.MediumContract;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with mapped reads, on whatever file system the tests run. */
final class PmemMediumTest extends MediumContract {

  @TempDir Path temporary;

  @Override
  protected MediaDriver driver() {
    return new PmemDriver();
  }

  @Override
  protected String address() {
    return temporary.resolve("volume").toString();
  }

  private static DeviceDescription mount(String disk, String options) {
    return new DeviceDescription(
        "/mnt", "xfs", disk, disk, Map.of(DeviceDescription.MOUNT_OPTIONS, options));
  }

  private static Optional<String> medium(String disk, String options) {
    return new PmemDriver().recognise(mount(disk, options)).map(found -> found.medium());
  }

  @Test
  void namespacesAndMountsWithDaxAreRecognised() {
    for (String disk : new String[] {"pmem0", "pmem12", "pmem1.2", "pmem0s"}) {
      assertThat(medium(disk, "rw,noatime")).contains("persistent memory");
      assertThat(medium(disk, "rw,dax=inode")).contains("persistent memory");
      assertThat(medium(disk, "rw,dax=never")).contains("persistent memory");
    }
    assertThat(medium("pmem0", "rw,dax=always")).contains("persistent memory, DAX");
    assertThat(medium("pmem0", "rw,relatime,dax")).contains("persistent memory, DAX");
    assertThat(medium("", "rw,dax=always")).contains("persistent memory, DAX"); // virtiofs
    for (String other : new String[] {"sda", "nvme0n1", "pmem", "xpmem0", ""}) {
      assertThat(medium(other, "rw,nodax,daxis")).isEmpty();
    }
  }

  @Test
  void chosenByHandItOpensAnyFolder() {
    assertThat(medium().description()).isEqualTo("persistent memory");
    assertThat(medium().profile().mediaClass()).isEqualTo(MediaClass.PMEM);
  }

  @Test
  void badPlacesAreToldAsTheyAreNow() throws IOException {
    medium().close();
    Map<String, String> attributes = new HashMap<>();
    DeviceDescription device = new DeviceDescription("/mnt", "xfs", "pmem0", "pmem0", attributes);
    try (Medium opened =
        driver()
            .open(
                new MediumLocation(
                    address(),
                    Optional.of(device),
                    OptionalLong.empty(),
                    Map.of(),
                    () -> Optional.of(device)))) {
      assertThat(opened.health().findings()).isEmpty();
      attributes.put("badblocks", "1024 8\n4096 16");
      assertThat(opened.health().findings()).startsWith("2 places");
    }
  }

  @Test
  void aPackThatWasCutUnderAReaderEndsThere() throws IOException {
    try (PackFile pack = medium().createPack(1, 0)) {
      pack.append(bytes(1 << 20, 1), 0);
      pack.seal();
    }
    try (PackFile pack = medium().openPack(1, false)) {
      ByteBuffer target = ByteBuffer.allocate(1 << 20);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(1 << 20);
      Path file = Path.of(address()).resolve("pack-0000000000000001.lpk");
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(5000);
      }
      assertThat(pack.read(target.clear(), 0, Cancellation.NEVER)).isEqualTo(5000);
      assertThat(target.flip()).isEqualTo(bytes(1 << 20, 1).limit(5000));
      assertThat(pack.read(target.clear(), 8192, Cancellation.NEVER)).isZero();
    }
  }
}
