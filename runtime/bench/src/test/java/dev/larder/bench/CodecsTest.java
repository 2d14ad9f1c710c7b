package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.spi.codec.Codec.Effort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecsTest {
  private static final int CHUNKERS = 3;
  private static final int CODECS_AND_EFFORTS = 1 + 4 * 2;

  @TempDir Path folder;

  private CodecsReport measure(int sample) throws CliException {
    Corpus corpus = Corpus.read(folder.toString());
    return new CodecsBench(corpus, Kinds.in(corpus.root()), sample, 0, System::nanoTime).run();
  }

  private static JsonObject row(JsonArray rows, String kind, String chunker, String codec) {
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      if (row.get("kind").getAsString().equals(kind)
          && row.get("chunker").getAsString().equals(chunker)
          && row.get("codec").getAsString().equals(codec)) {
        return row;
      }
    }
    throw new AssertionError("no row " + kind + " " + chunker + " " + codec);
  }

  @Test
  void aWholeRun() throws IOException, CliException {
    new WeightsFile(1).write(folder.resolve("v1.safetensors"), 600_000);
    Files.copy(folder.resolve("v1.safetensors"), folder.resolve("v2.safetensors"));
    Files.writeString(folder.resolve("can.dbc"), "BO_ 100 Engine: 8 Gateway\n".repeat(500));
    Files.createFile(folder.resolve("empty.onnx"));
    CodecsReport report = measure(2 << 20);

    assertThat(report.kinds())
        .extracting(CodecsReport.Kind::name, CodecsReport.Kind::files, CodecsReport.Kind::chosen)
        .containsExactly(
            tuple("bf16", 2, Map.of("tensor", 2)), tuple("protocol", 1, Map.of("fastcdc", 1)));
    assertThat(report.rows()).hasSize(2 * CHUNKERS * CODECS_AND_EFFORTS);
    assertThat(report.notes()).isEmpty();

    JsonArray rows = report.toJson().getAsJsonArray("rows");
    JsonObject raw = row(rows, "bf16", "fixed", "none");
    assertThat(raw.get("dedup").getAsDouble()).isEqualTo(2);
    assertThat(raw.get("codecRatio").getAsDouble()).isEqualTo(1);
    assertThat(raw.has("encodeMBps")).isFalse();
    JsonObject planes = row(rows, "bf16", "tensor", "planes");
    assertThat(planes.get("codecRatio").getAsDouble()).isBetween(1.3, 1.8);
    assertThat(planes.get("ratio").getAsDouble()).isGreaterThan(2.6);
    assertThat(planes.get("encodeMBps").getAsDouble()).isPositive();
    assertThat(planes.get("decodeMBps").getAsDouble()).isPositive();
    assertThat(row(rows, "protocol", "fastcdc", "zstd").get("ratio").getAsDouble())
        .isGreaterThan(10);
  }

  @Test
  void aLongKindIsMeasuredInPartAndSaysSo() throws IOException, CliException {
    new WeightsFile(1).write(folder.resolve("a.safetensors"), 300_000);
    new WeightsFile(2).write(folder.resolve("b.safetensors"), 300_000);
    CodecsReport report = measure(400_000);
    assertThat(report.kinds().get(0).measured()).isEqualTo(400_000);
    assertThat(report.kinds().get(0).bytes()).isEqualTo(600_000);
    assertThat(report.notes())
        .containsExactly("of bf16 only the first 390.6 KiB were measured: give a larger --sample");
  }

  @Test
  void emptyFilesAreNoData() throws IOException {
    Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> measure(1 << 20)).hasMessageEndingWith("are empty");
  }

  @Test
  void theTableHasBothEffortsInARow() {
    CodecTrial.Result normal = new CodecTrial.Result(500_000, 10_000_000, 2_000_000);
    CodecTrial.Result high = new CodecTrial.Result(400_000, 250_000_000, 1_000_000);
    CodecTrial.Result none = new CodecTrial.Result(1_000_000, 0, 100_000);
    CodecsReport report =
        new CodecsReport(
            List.of(new CodecsReport.Kind("fp32", 3, 2_000_000, 2_000_000, Map.of("fastcdc", 3))),
            List.of(
                row("none", Effort.NORMAL, none),
                row("zstd", Effort.NORMAL, normal),
                row("zstd", Effort.HIGH, high)),
            List.of("left out, no regular file: x"));
    assertThat(report.lines())
        .containsSequence(
            "fp32: 3 files, 1.9 MiB; a gateway cuts 3 with fastcdc",
            "CHUNKER  CODEC  DEDUP  CODEC  RATIO  ENCODE  DECODE  RATIO-H  ENCODE-H  DECODE-H",
            "fastcdc  none   2.000  1.000  2.000       -   10000        -         -         -",
            "fastcdc  zstd   2.000  2.000  4.000     100     500    5.000       4.0      1000")
        .endsWith("note: left out, no regular file: x");
    assertThat(report.chart().groups())
        .singleElement()
        .satisfies(
            group ->
                assertThat(group.bars())
                    .containsExactly(
                        new BarChart.Bar("fastcdc, none", 2, "2.000 (decodes 10000 MB/s)"),
                        new BarChart.Bar(
                            "fastcdc, zstd", 4, "4.000 (encodes 100, decodes 500 MB/s)")));
  }

  private static CodecsReport.Row row(String codec, Effort effort, CodecTrial.Result result) {
    return new CodecsReport.Row("fp32", "fastcdc", codec, effort, 2_000_000, 1_000_000, result);
  }
}
