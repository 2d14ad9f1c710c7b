package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("can.dbc"), "BO_ 100 Engine: 8 Gateway\n".repeat(100));
  }

  private static int run(Callable<Integer> command, String... arguments) throws Exception {
    new CommandLine(command).parseArgs(arguments);
    return command.call();
  }

  private static String printed(Callable<Integer> command, String... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(command, arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void codecsPrintsOneDocumentAndDrawsAPicture() throws Exception {
    Path picture = folder.resolve("bars.svg");
    String out =
        printed(
            new CodecsCommand(),
            data.toString(),
            "--json",
            "--seconds=0",
            "--picture",
            picture.toString());
    assertThat(out.strip().lines()).hasSize(1);
    assertThat(JsonParser.parseString(out).getAsJsonObject().keySet())
        .containsExactly("kinds", "rows", "notes");
    assertThat(picture).content().startsWith("<svg ").contains("protocol").endsWith("</svg>\n");
    assertThat(printed(new CodecsCommand(), data.toString(), "--seconds=0"))
        .contains("protocol: 1 file, 2.5 KiB; a gateway cuts 1 with fastcdc");
  }

  @Test
  void cachePrintsARowForEachPolicyAndFraction() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      int key = i % 3 == 0 ? i / 3 % 10 : i;
      lines.append(i).append("\tk").append(key).append('\t').append(1000 + key).append('\n');
    }
    Path trace = Files.writeString(folder.resolve("a.tsv"), lines);
    Path page = folder.resolve("cache.html");
    String out =
        printed(
            new CacheCommand(),
            "--trace=" + trace,
            "--policies=adaptive,exact-lru,clairvoyant",
            "--fractions=0.01,0.1",
            "--mode=objects",
            "--json",
            "--html=" + page);
    assertThat(out.strip().lines()).hasSize(1);
    JsonArray rows = JsonParser.parseString(out).getAsJsonArray();
    assertThat(rows).hasSize(6);
    for (JsonElement row : rows) {
      JsonObject fields = row.getAsJsonObject();
      assertThat(fields.keySet())
          .contains("trace", "policy", "fraction", "objectHitRatio", "byteHitRatio");
      assertThat(fields.has("nanosPerAccess"))
          .isEqualTo(!fields.get("policy").getAsString().equals("clairvoyant"));
    }
    assertThat(rows.get(5).getAsJsonObject().get("objectHitRatio").getAsDouble()).isEqualTo(0.332);
    assertThat(page)
        .content()
        .contains("<h2>a</h2>", "adaptive", "<svg ")
        .doesNotContain("<script");
    String text = printed(new CacheCommand(), "--trace=" + trace, "--fractions=0.1");
    assertThat(text).contains("caffeine", "s3fifo", "gdsf", "OBJECTS 10 %", "objective joint");
  }

  @Test
  void cacheTellsWhatItDoesNotKnow() {
    assertUsage(new CacheCommand(), "a trace is needed");
    assertUsage(new CacheCommand(), "there is no policy 'x'", "--trace=a", "--policies=lru,x");
    assertUsage(new CacheCommand(), "there is no objective 'x'", "--trace=a", "--objective=x");
    assertUsage(new CacheCommand(), "--fractions must be", "--trace=a", "--fractions=0");
    assertUsage(new CacheCommand(), "--html: a is no .html", "--trace=a", "--html=a");
    assertThatThrownBy(() -> run(new CacheCommand(), "--trace=" + folder + "/no.tsv"))
        .hasMessageContaining("there is no trace");
  }

  @Test
  void aPageLoadsNothingFromElsewhere() throws Exception {
    Path page = folder.resolve("page.html");
    printed(new CodecsCommand(), data.toString(), "--seconds=0", "--html=" + page);
    assertThat(page)
        .content()
        .startsWith("<!DOCTYPE html>")
        .contains(
            "--seconds=0 --html=" + page, "<svg ", "fastcdc  planes", "prefers-color-scheme:dark")
        .doesNotContain("<script", "<link", "src=", "url(")
        .endsWith("</html>\n");
    assertUsage(new CodecsCommand(), "--html: a.htm is no .html", data.toString(), "--html=a.htm");
  }

  @Test
  void mediaAndSwapRefuseWhatTheyCannotMeasure() {
    String place = data.toString();
    assertUsage(new MediaCommand(), "--size must be 1m or more", place, "--size=1k");
    assertUsage(new MediaCommand(), "--runs must be", place, "--runs=0");
    assertUsage(new MediaCommand(), "--protocol must be", place, "--protocol=100001");
    assertUsage(new MediaCommand(), "--html: a is no .html", place, "--html=a");
    assertUsage(new SwapCommand(), "--size must be 1m or more", "--size=1k");
    assertUsage(new SwapCommand(), "--runs must be", "--runs=1001");
    assertThatThrownBy(() -> run(new MediaCommand(), place, folder + "/no"))
        .hasMessageEndingWith("no is no folder that can be written to");
    assertThatThrownBy(() -> run(new MediaCommand(), place, "--size=4000000g"))
        .hasMessageContaining(" free of ")
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.code()).isEqualTo("TIER_FULL"));
    assertThat(data).isDirectoryNotContaining("glob:**larder-bench*");
  }

  @Test
  void predictTellsWhatLoadingAheadWouldDo() throws Exception {
    Path trace = folder.resolve("trace.tsv");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      lines.append(i * 10).append('\t').append(i % 6).append("\t2000000\n");
    }
    Files.writeString(trace, lines);
    String out = printed(new PredictCommand(), "--trace=" + trace, "--fraction=0.5", "--json");
    JsonObject json = JsonParser.parseString(out).getAsJsonObject();
    assertThat(json.getAsJsonObject("without").get("hitRatio").getAsDouble()).isZero();
    assertThat(json.getAsJsonObject("with").get("hitRatio").getAsDouble()).isGreaterThan(0.9);
    assertThat(json.getAsJsonObject("with").get("precision").getAsDouble()).isEqualTo(1);
    assertThat(json.get("top1").getAsDouble()).isEqualTo(1);
    assertThat(printed(new PredictCommand(), "--trace=" + trace, "--fraction=0.5"))
        .contains("without", "ppm", "HIT RATIO");
    assertUsage(new PredictCommand(), "--fraction must be", "--trace=" + trace, "--fraction=0");
    assertUsage(new PredictCommand(), "--warm-up must be", "--trace=" + trace, "--warm-up=1");
    assertUsage(new PredictCommand(), "--policy: there is no", "--trace=" + trace, "--policy=x");
    assertUsage(new PredictCommand(), "--predictor: there", "--trace=" + trace, "--predictor=x");
  }

  @Test
  void wrongFlagsAreToldBeforeAnythingIsMeasured() {
    assertUsage(new CodecsCommand(), "--sample must be", data.toString(), "--sample=1k");
    assertUsage(new CodecsCommand(), "--sample: 'x' is no size", data.toString(), "--sample=x");
    assertUsage(new CodecsCommand(), "--seconds must be", data.toString(), "--seconds=-1");
    assertUsage(
        new CodecsCommand(), "--picture: a.png is no .svg", data.toString(), "--picture=a.png");
    assertUsage(
        new IngestCommand(), "--work is inside of", data.toString(), "--work=" + data.toString());
    assertThatThrownBy(
            () -> run(new CodecsCommand(), data.toString(), "--picture=" + folder + "/no/a.svg"))
        .hasMessageStartingWith("cannot write ");
    assertThatThrownBy(() -> run(new IngestCommand(), data.toString(), "--work=" + folder + "/no"))
        .hasMessageEndingWith("no is no folder that can be written to");
    assertThat(data).isDirectoryNotContaining("glob:**larder-bench*");
  }

  private static void assertUsage(Callable<Integer> command, String message, String... arguments) {
    assertThatThrownBy(() -> run(command, arguments))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.status()).isEqualTo(CliException.USAGE))
        .hasMessageStartingWith(message);
  }
}
