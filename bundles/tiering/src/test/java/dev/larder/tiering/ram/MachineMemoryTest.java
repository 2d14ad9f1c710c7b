package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits are in {@code LarderSettingsTest}; this is about what is left. */
class MachineMemoryTest {

  @TempDir Path root;

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private long available() throws IOException {
    return new MachineMemory(root).availableBytes();
  }

  @Test
  void whereNobodyTellsNothingIsShort() throws Exception {
    assertThat(available()).isEqualTo(Long.MAX_VALUE);
    write("proc/meminfo", "MemTotal: 4000 kB\nMemAvailable: lots\n");
    assertThat(available()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isWhatTheMachineSays() throws Exception {
    write("proc/meminfo", "MemTotal:   4000 kB\nMemFree: 1 kB\nMemAvailable:    3000 kB\n");
    assertThat(available()).isEqualTo(3000L << 10);
  }

  @Test
  void aControlGroupOfVersion2OrItsAncestorBinds() throws Exception {
    write("proc/meminfo", "MemAvailable: 3000000 kB\n");
    write("proc/self/cgroup", "0::/box/larder\n");
    write("sys/fs/cgroup/box/larder/memory.max", "max\n");
    write("sys/fs/cgroup/box/larder/memory.current", "100\n");
    write("sys/fs/cgroup/box/memory.max", "1000000\n");
    write("sys/fs/cgroup/box/memory.current", "900000\n");
    write("sys/fs/cgroup/box/memory.stat", "shmem 5\ninactive_file 20000\nactive_file 3000\n");
    assertThat(available()).isEqualTo(123_000);
    write("sys/fs/cgroup/box/memory.current", "2000000\n"); // just lowered
    assertThat(available()).isZero();
  }

  @Test
  void aControlGroupOfVersion1Binds() throws Exception {
    write("proc/self/cgroup", "5:cpu,memory:/docker/abc\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "600000\n");
    write(
        "sys/fs/cgroup/memory/memory.stat",
        "active_file 1\ntotal_inactive_file 1000\ntotal_active_file 200\n");
    assertThat(available()).isEqualTo(401_200);
  }
}
