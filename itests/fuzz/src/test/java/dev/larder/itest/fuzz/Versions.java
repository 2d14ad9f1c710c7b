package dev.larder.itest.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Contents of all kinds, and what becomes of them: the same for the same seed. */
final class Versions {

  private static final Path SAMPLES = Path.of("../../runtime/samples");
  private static final int MOST_BYTES = 200_000;

  /** Where blocks begin and end, and beside it. */
  private static final int[] EDGES = {0, 1, 2, 3, 7, 8, 4095, 4096, 4097, 65_535, 65_536, 65_537};

  private final Random random;

  Versions(Random random) {
    this.random = random;
  }

  /** A content of any kind. */
  byte[] first() {
    return switch (random.nextInt(9)) {
      case 0 -> bytes(size());
      case 1 -> new byte[size()];
      case 2 -> text(size());
      case 3 -> weights(size(), 4, 0.02);
      case 4 -> weights(size(), 2, 0.02);
      case 5 -> weights(size(), 1, 30);
      case 6 -> weights(size(), 1, 0.4);
      case 7 -> pieces();
      default -> sample();
    };
  }

  /** A version of it: edited, trained on, exported anew, or something else. */
  byte[] next(byte[] before) {
    return switch (random.nextInt(7)) {
      case 0 -> edited(before);
      case 1 -> inserted(before);
      case 2 -> tuned(before);
      case 3 -> shuffled(before);
      case 4 -> shuffled(tuned(before));
      case 5 -> Arrays.copyOf(before, random.nextInt(before.length + 1));
      default -> first();
    };
  }

  private int size() {
    return random.nextInt(3) == 0
        ? EDGES[random.nextInt(EDGES.length)]
        : random.nextInt(MOST_BYTES);
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] text(int size) {
    StringBuilder text = new StringBuilder("{\"device\": ");
    while (text.length() < size) {
      text.append("\"parameter\": ").append(random.nextInt(300)).append(", ");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), size);
  }

  /** Floats of 4 or 2 bytes, or integers of one, not always where a block begins. */
  private byte[] weights(int size, int width, double sigma) {
    ByteBuffer out = ByteBuffer.allocate(size + 4).order(ByteOrder.LITTLE_ENDIAN);
    out.position(random.nextInt(4));
    while (out.remaining() >= 4) {
      double weight = random.nextGaussian() * sigma;
      switch (width) {
        case 1 -> out.put((byte) Math.round(weight));
        case 2 -> out.putShort((short) (Float.floatToIntBits((float) weight) >>> 16));
        default -> out.putFloat((float) weight);
      }
    }
    return Arrays.copyOf(out.array(), size);
  }

  private byte[] pieces() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = random.nextInt(5); i >= 0; i--) {
      byte[] piece = i % 2 == 0 ? weights(random.nextInt(30_000), 4, 1) : text(2000);
      for (int times = random.nextInt(3); times >= 0; times--) {
        all.writeBytes(piece);
      }
    }
    return all.toByteArray();
  }

  /** A part of a real file; from its start in half of the cases, so that its format is seen. */
  private byte[] sample() {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      List<Path> all =
          files
              .filter(file -> file.toString().matches(".*\\.(safetensors|tflite|dbc|json)"))
              .toList();
      List<Path> sorted = all.stream().sorted().toList();
      byte[] content = Files.readAllBytes(sorted.get(random.nextInt(sorted.size())));
      int from = random.nextBoolean() ? 0 : random.nextInt(content.length);
      int length = random.nextInt(4) == 0 ? content.length : random.nextInt(MOST_BYTES);
      return Arrays.copyOfRange(content, from, Math.min(content.length, from + length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] edited(byte[] before) {
    byte[] after = before.clone();
    for (int edits = random.nextInt(20); edits >= 0 && after.length > 0; edits--) {
      after[random.nextInt(after.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return after;
  }

  private byte[] inserted(byte[] before) {
    byte[] more = bytes(1 + random.nextInt(200));
    int at = random.nextInt(before.length + 1);
    byte[] after = new byte[before.length + more.length];
    System.arraycopy(before, 0, after, 0, at);
    System.arraycopy(more, 0, after, at, more.length);
    System.arraycopy(before, at, after, at + more.length, before.length - at);
    return after;
  }

  /** Each number a little more or less. */
  private byte[] tuned(byte[] before) {
    byte[] after = before.clone();
    int width = 1 << random.nextInt(3);
    for (int at = random.nextInt(width); at < after.length; at += width) {
      after[at] += (byte) Math.round(random.nextGaussian());
    }
    return after;
  }

  private byte[] shuffled(byte[] before) {
    List<byte[]> parts = new ArrayList<>();
    for (int at = 0; at < before.length; ) {
      int end = Math.min(before.length, at + 1 + random.nextInt(40_000));
      parts.add(Arrays.copyOfRange(before, at, end));
      at = end;
    }
    Collections.shuffle(parts, random);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
