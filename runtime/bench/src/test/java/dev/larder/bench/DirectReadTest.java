package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectReadTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 1 << 20, (1 << 20) + 1, 2_500_000})
  void readsAFileToItsLastPartialSector(int size) throws IOException {
    Path source = Files.write(folder.resolve("source"), bytes());
    Path plain = folder.resolve("plain");
    DirectRead read = DirectRead.copyOf(source, size, plain);
    assertThat(Files.readAllBytes(plain)).isEqualTo(Arrays.copyOf(bytes(), size));
    assertThat(read.run()).isEqualTo(size);
  }

  @Test
  void aSourceThatIsTooShortIsTold() throws IOException {
    Path source = Files.write(folder.resolve("source"), bytes());
    assertThatThrownBy(() -> DirectRead.copyOf(source, 4 << 20, folder.resolve("plain")))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("is shorter than 4194304 bytes");
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[3 << 20];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
