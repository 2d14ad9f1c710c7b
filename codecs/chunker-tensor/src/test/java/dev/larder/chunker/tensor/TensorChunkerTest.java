package dev.larder.chunker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.contract.ChunkerContract;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TensorChunkerTest extends ChunkerContract {

  private static final String SMALL = "block=4096";

  @Override
  protected Chunker chunker() {
    return new TensorChunker();
  }

  @Override
  protected List<String> wrongParameters() {
    return List.of(
        "block=",
        "block=2048",
        "block=65537",
        "block=2097152",
        "block=065536",
        "block=-65536",
        "block=65536,",
        "size=65536",
        "65536");
  }

  @ParameterizedTest
  @EnumSource
  void eachTensorBeginsABlock(Model.Format format) {
    Model model = Model.of(1, 200_000, 64, 8192, 300_004, 4096, 65536);
    byte[] file = format.write(model, "note");
    assertThat(Blocks.suitability(file)).isEqualTo(100);
    assertThat(chunker().suitability(probe(file))).isEqualTo(100); // all of it is in the head
    List<ByteBuffer> blocks = Blocks.split(file, "");
    for (Model.Tensor tensor : model.tensors()) {
      if (tensor.bytes().length >= 4096) {
        int whole = Math.min(65536, tensor.bytes().length);
        assertThat(blocks).contains(ByteBuffer.wrap(tensor.bytes(), 0, whole));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void annotationsTellWhatIsInABlock(Model.Format format) {
    Model model = Model.of(2, 100_000, 40_000);
    List<BlockAnnotation> annotations =
        Blocks.cut(format.write(model, "note"), "").stream()
            .map(Cut::annotation)
            .filter(annotation -> !annotation.equals(BlockAnnotation.NONE))
            .toList();
    String first = "layer.0.weight";
    String second = "layer.1.weight";
    switch (format) {
      case TORCH ->
          assertThat(annotations)
              .extracting(BlockAnnotation::tensor)
              .containsExactly("data/0", "data/0", "data/1");
      default ->
          assertThat(annotations)
              .extracting(BlockAnnotation::tensor)
              .containsExactly(first, first, second);
    }
    String type =
        switch (format) {
          case SAFETENSORS, GGUF -> "F32";
          case ONNX -> "FLOAT";
          case TFLITE -> "FLOAT32";
          case TORCH -> "";
        };
    assertThat(annotations)
        .allMatch(annotation -> annotation.type().equals(type))
        .allMatch(annotation -> annotation.elementBytes() == (type.isEmpty() ? 0 : 4))
        .allMatch(annotation -> annotation.phase() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aHeaderThatGrowsLeavesAllTensorsAsTheyWere(Model.Format format) {
    Model model = Model.of(3, 200_000, 64, 128, 300_004, 4096, 3000, 2000, 1000, 700_000);
    byte[] before = format.write(model, "note");
    byte[] after = format.write(model, "note" + "n".repeat(104));
    // What lies around the tensors changes, and the directory of the zip file with its offsets;
    // FlatBuffers have offsets between the small tensors, too.
    long most = format == Model.Format.TFLITE ? 4096 + 6000 : 4096;
    assertThat(Blocks.news(before, after, "")).isLessThan(most);
    assertThat(after.length).isGreaterThanOrEqualTo(before.length + 64);
  }

  @ParameterizedTest
  @EnumSource
  void anotherTensorLeavesTheLargeOnesAsTheyWere(Model.Format format) {
    Model model = Model.of(4, 200_000, 300_004, 100_000, 50_000);
    byte[] before = format.write(model, "note");
    byte[] after = format.write(model.insert(1, "another", 12_340, 5), "note");
    assertThat(Blocks.news(before, after, "")).isBetween(12_340L, 12_340L + 4096);
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.Format.class,
      names = {"SAFETENSORS", "GGUF", "ONNX"})
  void oneMoreSmallTensorChangesFewGroups(Model.Format format) {
    Model model = new Model();
    for (int i = 0; i < 1000; i++) {
      model.add("norm." + i + ".bias", 4 * (i % 500 + 100), 6);
    }
    byte[] before = format.write(model, "note");
    List<Cut> cuts = Blocks.cut(before, "");
    assertThat(cuts.size()).isBetween(before.length / 65536, before.length / 20_000);
    byte[] after = format.write(model.insert(300, "another", 400, 7), "note");
    long tables = 140_000; // headers and directories change, tensors do not
    assertThat(Blocks.news(before, after, "")).isLessThan(tables + 3 * 65536);
  }

  @Test
  void cutsAreFrozen() {
    Model model = Model.of(5, 10_000, 300, 200, 100, 4, 9000, 4092, 4092, 4092, 4096);
    byte[] file = Model.Format.SAFETENSORS.write(model, "note");
    List<Integer> cuts = Blocks.cut(file, SMALL).stream().map(Cut::length).toList();
    assertThat(cuts.subList(1, cuts.size()))
        .containsExactly(4096, 4096, 1808, 604, 4096, 4096, 808, 4092, 4092, 4092, 4096);
    cuts = Blocks.cut(file, "").stream().map(Cut::length).toList();
    assertThat(cuts.subList(1, cuts.size())).containsExactly(10_000, 604, 9000, 12_276, 4096);
    Model small = new Model();
    for (int i = 0; i < 200; i++) {
      small.add("norm." + i, 4 * (i % 50 + 1), 6);
    }
    cuts = Blocks.cut(small.safetensors("note"), SMALL).stream().map(Cut::length).toList();
    int header = cuts.lastIndexOf(4096) + 2;
    assertThat(cuts.subList(header, cuts.size()))
        .containsExactly(1624, 1188, 1328, 2364, 3840, 1968, 4092, 3996);
  }

  @Test
  void aHeaderLongerThanTheHeadIsReadFromTheSource() {
    Model model = new Model();
    for (int i = 0; i < 9000; i++) {
      model.add("a.rather.long.name.of.a.tensor.so.that.the.header.is.long." + i, 16, 8);
    }
    model.add("large", 100_000, 8);
    byte[] file = Model.Format.SAFETENSORS.write(model, "note");
    assertThat(file.length).isGreaterThan(ContentProbe.HEAD_BYTES + 200_000);
    MemoryChannel source = new MemoryChannel(file, ContentProbe.HEAD_BYTES);
    assertThat(chunker().suitability(Blocks.probe(file, source))).isEqualTo(100);
    assertThat(source.position()).isEqualTo(ContentProbe.HEAD_BYTES);
    assertThat(source.reads()).isLessThan(2000);
    assertThat(chunker().suitability(probe(file))).isZero();
    assertThat(Blocks.split(file, ""))
        .contains(ByteBuffer.wrap(model.tensors().get(9000).bytes(), 65536, 34464).slice());
  }

  @Test
  void dataBeyondTheHeadNeedNotBeSeen() {
    Model model = Model.of(9, 1_200_000, 600_000);
    for (Model.Format format : List.of(Model.Format.SAFETENSORS, Model.Format.GGUF)) {
      byte[] file = format.write(model, "note");
      ContentProbe probe =
          new ContentProbe(
              ArtifactKind.MODEL, OptionalLong.empty(), Blocks.head(file), Optional.empty());
      assertThat(chunker().suitability(probe)).isEqualTo(100);
      assertThat(Blocks.cut(file, chunker().newCutter(probe, ""))).hasSize(1 + 19 + 10);
    }
    assertThat(chunker().suitability(probe(model.onnx("note")))).isZero();
    assertThat(chunker().suitability(probe(model.torch("note")))).isZero();
    assertThat(chunker().suitability(probe(model.tflite("note")))).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void truncatedFilesAreNotRecognised(Model.Format format) {
    byte[] file = format.write(Model.of(10, 5000, 100, 6000), "note");
    int step = 1 + file.length / 500;
    for (int length = 0; length < file.length; length += step) {
      byte[] part = Arrays.copyOf(file, length);
      // the end of ONNX is its opset: a protocol buffer may end before any of its fields
      int expected = format == Model.Format.ONNX && file.length - length <= 4 ? 100 : 0;
      assertThat(Blocks.suitability(part)).as("%s of %s", length, format).isEqualTo(expected);
      assertThat(Blocks.cut(part, "")).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherContentIsCutAsAWhole(Model.Format format) {
    byte[] file = format.write(Model.of(11, 200_000, 100, 60_000), "note");
    for (int length : new int[] {1, 5000, file.length - 1, file.length + 1, 3 * file.length}) {
      Blocks.cut(random(length, length), chunker().newCutter(probe(file), SMALL));
    }
  }

  @Test
  void olderGgufIsRecognised() {
    Model model = Model.of(12, 5000);
    assertThat(Blocks.suitability(model.gguf("note", 2))).isEqualTo(100);
    assertThat(Blocks.suitability(model.gguf("note", 1))).isZero();
    assertThat(Blocks.suitability(model.gguf("note", 4))).isZero();
  }

  @Test
  void namesAreReadAsJsonWritesThem() {
    byte[] file =
        header(
            "{\"t\\u00e4\\ud83d\\ude00\\n\":{\"shape\":[1025],\"data_offsets\":[0,4100],\"dtype\":\"F32\"}}",
            4100);
    assertThat(Blocks.cut(file, "").get(1).annotation().tensor()).isEqualTo("tä😀\n");
  }

  @Test
  void headersThatLieAreNotRecognised() {
    String f32 = "{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s]}";
    assertThat(Blocks.suitability(header("{\"a\":" + f32.formatted("2", "0,8") + "}  ", 8)))
        .isEqualTo(100);
    for (String header :
        List.of(
            "{}",
            "{\"a\":" + f32.formatted("2", "0,8") + "}x",
            "{\"a\":" + f32.formatted("2", "0,8") + ",}",
            "{\"a\":" + f32.formatted("02", "0,8") + "}",
            "{\"a\":" + f32.formatted("2.0", "0,8") + "}",
            "{\"a\":" + f32.formatted("-2", "0,8") + "}",
            "{\"a\":" + f32.formatted("3", "0,8") + "}",
            "{\"a\":" + f32.formatted("1", "0,4") + "}",
            "{\"a\":" + f32.formatted("1", "4,8") + "}",
            "{\"a\":" + f32.formatted("1", "0,4") + ",\"b\":" + f32.formatted("1", "2,6") + "}",
            "{\"a\":" + f32.formatted("4611686018427387904,2", "0,8") + "}",
            "{\"a\":" + f32.formatted("2", "8,0") + "}",
            "{\"a\":" + f32.formatted("2", "0,8").replace("F32", "F33") + "}",
            "{\"a\\x\":" + f32.formatted("2", "0,8") + "}",
            "{\"\\ud800\":" + f32.formatted("2", "0,8") + "}",
            "{\"a\":" + f32.formatted("2", "0,8").replace("]}", "],\"x\":1}") + "}",
            "{\"" + "a".repeat(70_000) + "\":" + f32.formatted("2", "0,8") + "}")) {
      assertThat(Blocks.suitability(header(header, 8))).as(header).isZero();
    }
  }

  private static byte[] header(String header, int data) {
    return new Bytes()
        .i64(header.getBytes(StandardCharsets.UTF_8).length)
        .text(header)
        .bytes(random(data, 1))
        .toArray();
  }

  @Test
  void tensorsInsideOfNodesAreFound() {
    byte[] weights = random(8192, 13);
    Bytes tensor = new Bytes().field(1, 2048).field(2, 1).field(4, weights);
    Bytes inner = new Bytes().field(1, new Bytes().field(5, new Bytes().field(5, tensor)));
    Bytes graph = new Bytes().field(1, new Bytes().field(5, new Bytes().field(6, inner)));
    byte[] file = new Bytes().field(1, 8).field(7, graph).toArray();
    assertThat(Blocks.suitability(file)).isEqualTo(100);
    assertThat(Blocks.split(file, "")).contains(ByteBuffer.wrap(weights));
    for (int depth = 0; depth < 40; depth++) {
      graph = new Bytes().field(1, new Bytes().field(5, new Bytes().field(6, graph)));
    }
    assertThat(Blocks.suitability(new Bytes().field(1, 8).field(7, graph).toArray())).isZero();
  }

  @Test
  void otherZipFilesAreNotRecognised() {
    byte[] file = Model.of(14, 5000).torch("note");
    String text = new String(file, StandardCharsets.ISO_8859_1).replace("data.pkl", "data.bin");
    assertThat(Blocks.suitability(text.getBytes(StandardCharsets.ISO_8859_1))).isZero();
  }

  @Test
  void aSourceOfAnotherSizeIsNotTrusted() {
    byte[] file = Model.of(15, 5000).safetensors("note");
    ContentProbe probe =
        new ContentProbe(
            ArtifactKind.MODEL,
            OptionalLong.of(file.length + 1),
            Blocks.head(file),
            Optional.of(new MemoryChannel(file, 0)));
    assertThat(chunker().suitability(probe)).isZero();
  }
}
