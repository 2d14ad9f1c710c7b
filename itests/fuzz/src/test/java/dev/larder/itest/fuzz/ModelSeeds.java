package dev.larder.itest.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of each format that a chunker knows, with a large tensor and a small one. */
final class ModelSeeds {

  private static final int LARGE = 4100;
  private static final int SMALL = 16;

  private ModelSeeds() {}

  static byte[] safetensors() {
    String header =
        "{\"__metadata__\":{\"a\":\"b\"},"
            + "\"l\":{\"dtype\":\"F32\",\"shape\":[1025],\"data_offsets\":[0,4100]},"
            + "\"s\\u00e4\":{\"dtype\":\"BF16\",\"shape\":[2,4],\"data_offsets\":[4100,4116]}}";
    ByteBuffer file = buffer().putLong(header.length()).put(ascii(header));
    return done(file.position(file.position() + LARGE + SMALL));
  }

  static byte[] gguf() {
    ByteBuffer file = buffer().put(ascii("GGUF")).putInt(3).putLong(2).putLong(2);
    name(file, "general.alignment").putInt(4).putInt(8);
    name(name(file, "tokens").putInt(9).putInt(8).putLong(1), "x");
    name(file, "l").putInt(2).putLong(1025).putLong(1).putInt(0).putLong(0);
    name(file, "s").putInt(1).putLong(32).putInt(8).putLong(4104); // Q8_0: 34 bytes
    int data = (file.position() + 7) / 8 * 8;
    return done(file.position(data + 4104 + 34));
  }

  private static ByteBuffer name(ByteBuffer file, String name) {
    return file.putLong(name.length()).put(ascii(name));
  }

  static byte[] onnx() {
    byte[] large = message(0x08, 0x81, 0x08, 0x10, 1, 0x42, 1, 'l', 0x4A, 0x84, 0x20);
    byte[] small = message(0x08, 4, 0x10, 1, 0x42, 1, 's', 0x4A, SMALL);
    int graph = 3 + large.length + LARGE + 2 + small.length + SMALL;
    ByteBuffer file = buffer().put(message(0x08, 8, 0x3A));
    varint(file, graph);
    varint(file.put((byte) 0x2A), large.length + LARGE).put(large);
    file.position(file.position() + LARGE);
    varint(file.put((byte) 0x2A), small.length + SMALL).put(small);
    file.position(file.position() + SMALL);
    return done(file.put(message(0x42, 2, 0x10, 17)));
  }

  private static ByteBuffer varint(ByteBuffer file, int value) {
    int left = value;
    for (; left >= 0x80; left >>>= 7) {
      file.put((byte) (left | 0x80));
    }
    return file.put((byte) left);
  }

  static byte[] tflite() {
    ByteBuffer file = buffer().putInt(24).put(ascii("TFL3"));
    shorts(file, 14, 12, 0, 0, 4, 0, 8, 0); // 8: which fields the model has
    file.putInt(16).putInt(8).putInt(44); // 24: model
    file.putInt(1).putInt(12); // 36: its subgraphs
    shorts(file, 6, 8, 4, 0).putInt(8).putInt(4); // 44, 52: subgraph
    file.putInt(1).putInt(8); // 60: its tensors
    shorts(file, 4, 4).putInt(4); // 68, 72: tensor, of the first type and the first buffer
    file.putInt(1).putInt(12); // 76: buffers
    shorts(file, 6, 8, 4, 0).putInt(8).putInt(4).putInt(LARGE); // 84, 92, 100: buffer
    return done(file.position(file.position() + LARGE));
  }

  private static ByteBuffer shorts(ByteBuffer file, int... values) {
    for (int value : values) {
      file.putShort((short) value);
    }
    return file;
  }

  static byte[] torch() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      entry(zip, "m/data.pkl", 20);
      entry(zip, "m/data/0", LARGE);
      entry(zip, "m/data/1", SMALL);
    }
    return file.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, int length) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(new byte[length]);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(new byte[length]);
    zip.closeEntry();
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(8 << 10).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] done(ByteBuffer file) {
    byte[] bytes = new byte[file.position()];
    file.get(0, bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] message(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
