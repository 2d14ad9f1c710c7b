package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.CliException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void seesWhatAProcessTakes() throws Exception {
    try (ResidentMemory memory = ResidentMemory.of(ProcessHandle.current().pid())) {
      long before = memory.peak();
      assertThat(before).isGreaterThan(10 << 20);
      ByteBuffer more = ByteBuffer.allocateDirect(64 << 20);
      for (int at = 0; at < more.limit(); at += 4096) {
        more.put(at, (byte) 1); // resident only once it is touched
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (memory.peak() < before + (48 << 20) && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      assertThat(memory.peak()).isGreaterThanOrEqualTo(before + (48 << 20));
      assertThat(more.get(0)).isEqualTo((byte) 1);
    }
  }

  @Test
  void aProcessThatIsNotThereIsTold() {
    assertThatThrownBy(() -> ResidentMemory.of(Integer.MAX_VALUE))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("cannot read /proc/");
  }
}
