package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 100, 4096, 33_554_433, 70_000_000})
  void hasTheSizeThatWasAskedFor(long size) throws IOException {
    Path file = folder.resolve("w");
    new WeightsFile(1).write(file, size);
    assertThat(file).hasSize(size);
  }

  @Test
  void isSafetensorsWhoseTensorsFillTheFile() throws IOException {
    Path file = folder.resolve("w");
    new WeightsFile(1).write(file, 70_000_000);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    JsonObject tensors =
        JsonParser.parseString(new String(bytes.array(), 8, header, StandardCharsets.UTF_8))
            .getAsJsonObject();
    assertThat(tensors.size()).isEqualTo(3);
    long end =
        tensors
            .getAsJsonObject("layers.2.weight")
            .getAsJsonArray("data_offsets")
            .get(1)
            .getAsLong();
    assertThat(8 + header + end).isEqualTo(70_000_000);
  }

  @Test
  void aSiblingHasMovedAndDiffersInSomeTensors() throws IOException {
    Path base = folder.resolve("w");
    Path sibling = folder.resolve("s");
    new WeightsFile(1).write(base, 70_000_000);
    double changed = new WeightsFile(2).writeSibling(base, sibling);
    assertThat(sibling).hasSize(70_000_104);
    byte[] before = Files.readAllBytes(base);
    byte[] after = Files.readAllBytes(sibling);
    int header = (int) ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).getLong())
        .isEqualTo(header + 104);
    String json = new String(after, 8, header + 104, StandardCharsets.UTF_8);
    assertThat(JsonParser.parseString(json).getAsJsonObject().size()).isEqualTo(3);
    int data = 8 + header;
    int tensor = 32 << 20;
    // Of three, the first differs, all of it, and the others do not.
    assertThat(changed).isEqualTo((double) tensor / (before.length - data));
    assertThat(Arrays.equals(before, data, data + 64, after, data + 104, data + 168)).isFalse();
    int end = data + tensor;
    assertThat(Arrays.equals(before, end - 64, end, after, end + 40, end + 104)).isFalse();
    assertThat(Arrays.equals(before, end, before.length, after, end + 104, after.length)).isTrue();
  }

  @Test
  void compressesLikeRealWeightsAndHasNoRepetition() throws IOException {
    Path file = folder.resolve("w");
    new WeightsFile(1).write(file, 4 << 20);
    byte[] bytes = Files.readAllBytes(file);
    Deflater deflater = new Deflater(6);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length * 2];
    double ratio = (double) bytes.length / deflater.deflate(out);
    deflater.end();
    assertThat(ratio).isBetween(1.1, 1.6);
  }
}
