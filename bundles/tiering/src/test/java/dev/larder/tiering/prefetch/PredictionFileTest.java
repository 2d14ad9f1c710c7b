package dev.larder.tiering.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.tiering.prefetch.PredictionFile.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionFileTest {

  @TempDir Path folder;

  @Test
  void whatWasWrittenIsRead() throws IOException {
    PredictionFile file = new PredictionFile(folder.resolve("prediction"));
    assertThat(file.read().predictor()).isEmpty();
    List<Digest> digests = List.of(new Digest(1, 2, 3, 4), new Digest(5, 6, 7, 8));
    file.write(new Content("ppm", digests, new byte[] {9, 8, 7}));
    Content read = file.read();
    assertThat(read.predictor()).isEqualTo("ppm");
    assertThat(read.digests()).isEqualTo(digests);
    assertThat(read.snapshot()).containsExactly(9, 8, 7);
  }

  @Test
  void whatIsDamagedIsNotRead() throws IOException {
    Path path = folder.resolve("prediction");
    PredictionFile file = new PredictionFile(path);
    file.write(new Content("ppm", List.of(new Digest(1, 2, 3, 4)), new byte[200]));
    byte[] good = Files.readAllBytes(path);
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] bad = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
      if (bad.length == good.length) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(path, bad);
      assertThat(file.read().predictor()).isEmpty();
    }
  }
}
