package dev.larder.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes files like models: safetensors with tensors of bf16 weights that are normally distributed.
 * Like real weights they compress a little (by 1.2 to 1.5) and nothing in them repeats.
 */
final class WeightsFile {
  private static final int TENSOR = 32 << 20;

  /** Of each ten tensors, those that differ in a sibling. */
  private static final Set<Integer> CHANGED = Set.of(0, 3, 6);

  /** Bytes by which a sibling's header is longer. */
  private static final int LONGER = 104;

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

  /**
   * Writes what training some layers of another such file further would leave: three tensors of ten
   * have new weights, and the header is 104 bytes longer, so that all others have moved.
   *
   * @param base at least a header long
   * @return share of its bytes that changed
   */
  double writeSibling(Path base, Path file) throws IOException {
    long changed = 0;
    long at = 0;
    try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(base), 1 << 20));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      int length = (int) Long.reverseBytes(in.readLong());
      byte[] json = in.readNBytes(length);
      out.write(littleEndian(length + LONGER));
      out.write(json);
      out.write(" ".repeat(LONGER).getBytes(StandardCharsets.UTF_8));
      byte[] chunk = new byte[1 << 20];
      for (int n = in.readNBytes(chunk, 0, chunk.length); n > 0; ) {
        if (CHANGED.contains((int) (at / TENSOR % 10))) {
          fill(chunk);
          changed += n;
        }
        out.write(chunk, 0, n);
        at += n;
        n = in.readNBytes(chunk, 0, chunk.length);
      }
    }
    return (double) changed / at;
  }

  private static byte[] littleEndian(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(Long.reverseBytes(value)).array();
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
    System.arraycopy(littleEndian(padded), 0, head, 0, Long.BYTES);
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
