package dev.larder.itest.kernels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights of the models that the project ships, as they are or converted. */
final class Weights {

  private static final Path MODELS = Path.of("../../runtime/samples/models");

  private Weights() {}

  static byte[] of(String type) throws IOException {
    byte[] floats = Files.readAllBytes(MODELS.resolve("silero-vad/v1.safetensors"));
    int header = 8 + (int) ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ByteBuffer source = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).position(header);
    return switch (type) {
      case "int8" -> Files.readAllBytes(MODELS.resolve("vww_96_int8.tflite"));
      case "fp32" -> java.util.Arrays.copyOfRange(floats, header, floats.length);
      case "fp16" -> halved(source, Weights::fp16);
      case "bf16" -> halved(source, Weights::bf16);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private interface Conversion {
    short of(float number);
  }

  private static byte[] halved(ByteBuffer floats, Conversion conversion) {
    ByteBuffer half =
        ByteBuffer.allocate(floats.remaining() / 4 * 2).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.remaining() >= 4) {
      half.putShort(conversion.of(floats.getFloat()));
    }
    return half.array();
  }

  /** Rounded to the nearest, ties to even. */
  private static short bf16(float number) {
    int bits = Float.floatToRawIntBits(number);
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }

  /** Rounded to the nearest; weights are far from the ends of the range. */
  private static short fp16(float number) {
    int bits = Float.floatToRawIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
    int mantissa = bits & 0x7F_FFFF;
    if (exponent <= 0) {
      int shift = 14 - exponent;
      return (short) (sign | (shift > 24 ? 0 : (mantissa | 0x80_0000) >>> shift));
    }
    return (short) (sign | (exponent << 10) + (mantissa + 0xFFF + (mantissa >>> 13 & 1) >>> 13));
  }
}
