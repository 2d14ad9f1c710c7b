package dev.larder.chunker.tensor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Tensors of 32-bit floats, and the files that they make. */
final class Model {

  /** A tensor. */
  record Tensor(String name, byte[] bytes) {
    int elements() {
      return bytes.length / Float.BYTES;
    }
  }

  /** A file format. */
  enum Format {
    SAFETENSORS,
    GGUF,
    ONNX,
    TFLITE,
    TORCH;

    /** The file. */
    byte[] write(Model model, String note) {
      return switch (this) {
        case SAFETENSORS -> model.safetensors(note);
        case GGUF -> model.gguf(note, 3);
        case ONNX -> model.onnx(note);
        case TFLITE -> model.tflite(note);
        case TORCH -> model.torch(note);
      };
    }
  }

  private final List<Tensor> tensors = new ArrayList<>();

  /** Tensors of random bytes. */
  static Model of(long seed, int... lengths) {
    Model model = new Model();
    for (int length : lengths) {
      model.add("layer." + model.tensors.size() + ".weight", length, seed);
    }
    return model;
  }

  Model add(String name, int length, long seed) {
    return insert(tensors.size(), name, length, seed);
  }

  Model insert(int index, String name, int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed * 31 + name.hashCode()).nextBytes(bytes);
    tensors.add(index, new Tensor(name, bytes));
    return this;
  }

  List<Tensor> tensors() {
    return tensors;
  }

  byte[] safetensors(String note) {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"note\":\"" + note + "\"}");
    int at = 0;
    for (Tensor tensor : tensors) {
      int end = at + tensor.bytes().length;
      header
          .append(",\"" + tensor.name() + "\":{\"dtype\":\"F32\",\"shape\":[")
          .append(tensor.elements() + ",1],\"data_offsets\":[" + at + "," + end + "]}");
      at = end;
    }
    header.append('}');
    while (header.length() % 8 != 0) {
      header.append(' ');
    }
    Bytes file = new Bytes().i64(header.length()).text(header.toString());
    tensors.forEach(tensor -> file.bytes(tensor.bytes()));
    return file.toArray();
  }

  byte[] gguf(String note, int version) {
    Bytes file = new Bytes().text("GGUF").i32(version).i64(tensors.size()).i64(4);
    string(file, "general.alignment").i32(4).i32(64);
    string(string(file, "general.name").i32(8), note);
    string(file, "tokens").i32(9).i32(8).i64(2);
    string(string(file, "a"), "b");
    string(file, "scores").i32(9).i32(6).i64(3).i32(1).i32(2).i32(3);
    long at = 0;
    for (Tensor tensor : tensors) {
      string(file, tensor.name()).i32(2).i64(tensor.elements()).i64(1).i32(0).i64(at);
      at = (at + tensor.bytes().length + 63) / 64 * 64;
    }
    tensors.forEach(tensor -> file.align(64).bytes(tensor.bytes()));
    return file.toArray();
  }

  private static Bytes string(Bytes file, String text) {
    return file.i64(text.length()).text(text);
  }

  byte[] onnx(String note) {
    Bytes graph = new Bytes();
    graph.field(1, new Bytes().field(4, "Relu".getBytes(StandardCharsets.UTF_8)));
    for (Tensor tensor : tensors) {
      graph.field(
          5,
          new Bytes()
              .field(1, tensor.elements())
              .field(1, 1)
              .field(2, 1)
              .field(8, tensor.name().getBytes(StandardCharsets.UTF_8))
              .field(9, tensor.bytes()));
    }
    return new Bytes()
        .field(1, 8)
        .field(2, note.getBytes(StandardCharsets.UTF_8))
        .field(7, graph)
        .field(8, new Bytes().field(2, 17))
        .toArray();
  }

  byte[] tflite(String note) {
    Bytes file = new Bytes().i32(0).text("TFL3");
    file.i32(note.length()).text(note).align(4);
    int modelFields = fields(file, 0, 0, 4, 0, 8);
    file.here(0);
    int model = table(file, modelFields).i32(0).i32(0).at() - 8;
    file.here(model);
    final int subgraph = file.i32(1).i32(0).at() - 4;
    file.here(model + 4);
    final int buffers = vector(file, tensors.size() + 1);
    int subgraphFields = fields(file, 4);
    file.here(subgraph);
    int tensorList = table(file, subgraphFields).i32(0).at() - 4;
    file.here(tensorList);
    int list = vector(file, tensors.size());
    int tensorFields = fields(file, 0, 12, 4, 8);
    Map<String, List<Integer>> names = new LinkedHashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      file.here(list + 4 * i);
      int name = table(file, tensorFields).i32(i + 1).at();
      file.i32(0).i32(0);
      names.computeIfAbsent(tensors.get(i).name(), key -> new ArrayList<>()).add(name);
    }
    names.forEach(
        (name, references) -> {
          references.forEach(file::here);
          file.i32(name.length()).text(name).align(4);
        });
    int bufferFields = fields(file, 4);
    file.here(buffers);
    table(file, fields(file)).align(4);
    for (int i = 0; i < tensors.size(); i++) {
      file.here(buffers + 4 * (i + 1));
      int data = table(file, bufferFields).i32(0).at() - 4;
      while (file.at() % 16 != 12) {
        file.u8(0);
      }
      file.here(data);
      file.i32(tensors.get(i).bytes().length).bytes(tensors.get(i).bytes()).align(4);
    }
    return file.toArray();
  }

  /** Offsets of fields; 0 is a field that is not there. */
  private static int fields(Bytes file, int... offsets) {
    int at = file.align(4).at();
    file.u16(4 + 2 * offsets.length).u16(16);
    for (int offset : offsets) {
      file.u16(offset);
    }
    file.align(4);
    return at;
  }

  private static Bytes table(Bytes file, int fields) {
    return file.i32(file.at() - fields);
  }

  private static int vector(Bytes file, int count) {
    file.i32(count);
    int at = file.at();
    for (int i = 0; i < count; i++) {
      file.i32(0);
    }
    return at;
  }

  byte[] torch(String note) {
    Bytes file = new Bytes();
    Bytes directory = new Bytes();
    entry(file, directory, "model/data.pkl", note.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < tensors.size(); i++) {
      entry(file, directory, "model/data/" + i, tensors.get(i).bytes());
    }
    entry(file, directory, "model/version", new byte[] {'3', '\n'});
    int start = file.at();
    int entries = tensors.size() + 2;
    file.bytes(directory.toArray());
    int end = file.at();
    // as PyTorch has it: both ends, the one of 64 bits first
    file.i32(0x06064B50).i64(44).u16(0x31E).u16(45).i32(0).i32(0);
    file.i64(entries).i64(entries).i64(end - start).i64(start);
    file.i32(0x07064B50).i32(0).i64(end).i32(1);
    file.i32(0x06054B50).i32(0).u16(entries).u16(entries).i32(end - start).i32(-1).u16(0);
    return file.toArray();
  }

  private static void entry(Bytes file, Bytes directory, String name, byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    int local = file.at();
    int before = local + 30 + name.length();
    int padding = (64 - (before + 4) % 64) % 64;
    file.i32(0x04034B50).u16(0).u16(0x808).u16(0).i32(0).i32(0).i32(0).i32(0);
    file.u16(name.length()).u16(4 + padding).text(name).u16(0x4246).u16(padding);
    file.bytes(new byte[padding]).bytes(bytes);
    file.i32(0x08074B50).i32((int) crc.getValue()).i32(bytes.length).i32(bytes.length);
    directory.i32(0x02014B50).u16(0).u16(0).u16(0x808).u16(0).i32(0).i32((int) crc.getValue());
    directory.i32(-1).i32(-1).u16(name.length()).u16(28).u16(0).u16(0).u16(0).i32(0).i32(-1);
    directory.text(name).u16(1).u16(24).i64(bytes.length).i64(bytes.length).i64(local);
  }
}
