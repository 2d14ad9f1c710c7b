package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.LarderException;
import dev.larder.tiering.tier.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LarderSettingsTest {

  @TempDir Path root;

  @Test
  void sizesAreReadAsPeopleWriteThem() throws LarderException {
    LarderSettings settings =
        LarderSettings.from(
            Map.of("larder.home", "/x", "larder.ram.limit", " 6G ", "larder.history", "7")::get);
    assertThat(settings.home()).isEqualTo(Path.of("/x"));
    assertThat(settings.ramLimit()).hasValue(6L << 30);
    assertThat(settings.keptHistory()).isEqualTo(7);
    assertThat(Quantities.bytes("x", "512m")).isEqualTo(512L << 20);
    assertThat(Quantities.bytes("x", "100")).isEqualTo(100);
  }

  @Test
  void whatIsNoSizeIsRefused() {
    for (String wrong : new String[] {"", "m", "-1", "6x", "99999999999999999t", "1.5g"}) {
      assertThatThrownBy(() -> Quantities.bytes("larder.ram.limit", wrong))
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("larder.ram.limit");
    }
    assertThatThrownBy(() -> LarderSettings.from(Map.of("larder.history", "0")::get))
        .isInstanceOf(LarderException.class);
    assertThatThrownBy(() -> LarderSettings.from(Map.of("larder.probe", "no")::get))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("larder.probe");
  }

  @Test
  void withoutTmpfsTheRamCacheIsInTheHome() throws IOException {
    assertThat(new RamDefaults(root).folder(Path.of("/home/x"))).isEqualTo(Path.of("/home/x/ram"));
  }

  @Test
  void theLimitIsAQuarterOfMemory() throws IOException {
    write("proc/meminfo", "MemTotal:        4000000 kB\nMemFree: 1 kB\n");
    assertThat(new RamDefaults(root).limit(root)).isEqualTo(1000000L << 10);
  }

  @Test
  void aControlGroupOfVersion2OrItsAncestorBinds() throws IOException {
    write("proc/meminfo", "MemTotal:        4000000 kB\n");
    write("proc/self/cgroup", "0::/system.slice/larder.service\n");
    write("sys/fs/cgroup/system.slice/memory.max", "400000000\n");
    write("sys/fs/cgroup/system.slice/larder.service/memory.max", "max\n");
    assertThat(new RamDefaults(root).limit(root)).isEqualTo(100000000);
  }

  @Test
  void aControlGroupOfVersion1Binds() throws IOException {
    write("proc/meminfo", "MemTotal:        4000000 kB\n");
    write("proc/self/cgroup", "5:cpu,memory:/docker/abc\n1:name=systemd:/x\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "800000000\n");
    assertThat(new RamDefaults(root).limit(root)).isEqualTo(200000000);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(new RamDefaults(root).limit(root)).isEqualTo(1000000L << 10);
  }

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
