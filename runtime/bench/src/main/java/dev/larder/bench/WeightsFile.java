package dev.larder.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Writes files like models: safetensors with tensors of bf16 weights that are normally distributed.
 * Like real weights they compress a little (by 1.2 to 1.5) and nothing in them repeats.
 */
final class WeightsFile {
  private static final int TENSOR = 32 << 20;
  private static final double DEVIATION = 0.02;
  private static final int TABLE = 1 << 16;

  private final short[] quantiles = quantiles();
  private final SplittableRandom random;

  WeightsFile(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Values at evenly spaced ranks of the distribution: picking one at random draws from it. */
  private static short[] quantiles() {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[TABLE];
    for (int i = 0; i < TABLE; i++) {
      values[i] = (float) (gaussian(random) * DEVIATION);
    }
    Arrays.sort(values);
    short[] halves = new short[TABLE];
    for (int i = 0; i < TABLE; i++) {
      halves[i] = (short) ((Float.floatToIntBits(values[i]) + 0x8000) >>> 16);
    }
    return halves;
  }

  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** Writes a file of exactly that many bytes. */
  void write(Path file, long size) throws IOException {
    byte[] head = head(size);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      long left = size;
      if (left >= head.length) {
        out.write(head);
        left -= head.length;
      }
      byte[] chunk = new byte[1 << 20];
      while (left > 0) {
        fill(chunk);
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
        left -= chunk.length;
      }
    }
  }

  private void fill(byte[] chunk) {
    for (int i = 0; i < chunk.length; i += 8) {
      long bits = random.nextLong();
      for (int j = 0; j < 8; j += 2, bits >>>= 16) {
        short value = quantiles[(int) (bits & 0xFFFF)];
        chunk[i + j] = (byte) value;
        chunk[i + j + 1] = (byte) (value >>> 8);
      }
    }
  }

  /** Length of the header in 8 bytes, then the header, padded so that tensors are aligned. */
  private static byte[] head(long size) {
    // As the header's own length depends on the number of tensors only, a first pass with the
    // whole size is exact enough: the last tensor takes what is left.
    byte[] json = tensors(size).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 63) / 64 * 64;
    json = tensors(Math.max(0, size - 8 - padded)).getBytes(StandardCharsets.UTF_8);
    byte[] head = new byte[8 + padded];
    Arrays.fill(head, (byte) ' ');
    for (int i = 0; i < 8; i++) {
      head[i] = (byte) ((long) padded >>> (8 * i));
    }
    System.arraycopy(json, 0, head, 8, Math.min(json.length, padded));
    return head;
  }

  private static String tensors(long size) {
    StringBuilder json = new StringBuilder("{");
    long even = size / 2 * 2;
    int n = 0;
    for (long from = 0; from < even; from += TENSOR, n++) {
      long to = Math.min(even, from + TENSOR);
      json.append(n == 0 ? "" : ",")
          .append("\"layers.")
          .append(n)
          .append(".weight\":{\"dtype\":\"BF16\",\"shape\":[")
          .append((to - from) / 2)
          .append("],\"data_offsets\":[")
          .append(from)
          .append(',')
          .append(to)
          .append("]}");
    }
    return json.append('}').toString();
  }
}
