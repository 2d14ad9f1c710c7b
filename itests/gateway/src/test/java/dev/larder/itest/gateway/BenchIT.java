package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark tool of the distribution, on small folders. */
class BenchIT {
  @TempDir Path folder;

  private Result bench(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Gateway.DISTRIBUTION.resolve("bin/larder-bench").toString());
    command.addAll(List.of(words));
    return Command.run(folder, Map.of(), command);
  }

  @Test
  void ingestStoresAFolderInAGatewayAndReadsItBack() throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    String data = Samples.FOLDER.resolve("protocols").toString();
    JsonObject report =
        bench("ingest", data, "--json", "--work", "work", "--picture", "bars.svg").object();
    JsonObject larder = report.getAsJsonArray("tools").get(0).getAsJsonObject();
    assertThat(larder.get("tool").getAsString()).isEqualTo("larder put --recursive");
    assertThat(larder.get("cpuMillis").getAsDouble()).isPositive();
    assertThat(larder.get("storedBytes").getAsLong()).isPositive();
    assertThat(folder.resolve("bars.svg")).content().contains("larder put --recursive");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void mediaMeasuresEachFolderAndLeavesNothingBehind() throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path card = Files.createDirectory(folder.resolve("card"));
    JsonObject report =
        bench(
                "media",
                "card",
                "--size=40m",
                "--runs=2",
                "--protocol=40",
                "--driver=sd",
                "--json",
                "--work=work",
                "--html=page.html")
            .object();
    JsonObject medium = report.getAsJsonArray("media").get(0).getAsJsonObject();
    assertThat(medium.get("folder").getAsString()).isEqualTo("card");
    assertThat(medium.get("driver").getAsString()).isEqualTo("sd");
    assertThat(medium.get("bytesRead").getAsLong()).isPositive();
    JsonObject sibling = medium.getAsJsonObject("sibling");
    assertThat(sibling.get("bytesReused").getAsLong()).isPositive();
    assertThat(sibling.get("ratio").getAsDouble()).isBetween(0.5, 1.05);
    assertThat(medium.getAsJsonObject("protocol").get("count").getAsInt()).isEqualTo(120);
    assertThat(medium.get("memoryBytes").getAsLong()).isGreaterThan(32 << 20);
    assertThat(folder.resolve("page.html")).content().contains("card: ", "<svg ", "--runs=2");
    assertThat(work).isEmptyDirectory();
    assertThat(card).isEmptyDirectory();
  }

  @Test
  void swapRunsOtherToolsBesideIt() throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    JsonObject report =
        bench("swap", "--size=4m", "--runs=2", "--no-peers", "--json", "--work=work").object();
    assertThat(report.getAsJsonArray("ratios")).hasSize(2);
    assertThat(report.getAsJsonObject("swap").get("count").getAsInt()).isEqualTo(2);
    assertThat(report.getAsJsonObject("residentInside").get("count").getAsInt()).isPositive();
    assertThat(report.getAsJsonArray("tools").get(0).getAsJsonObject().get("tool").getAsString())
        .isEqualTo("cp");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void codecsFindsThePlugInsOfTheDistribution() {
    String data = Samples.FOLDER.resolve("protocols").toString();
    assertThat(bench("codecs", data, "--seconds", "0").ok().out()).contains("fastcdc  planes");
  }

  @Test
  void mistakesAreToldInOneLine() throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    failed(1, "there is no file in ", bench("ingest", "empty"));
    failed(1, "none: no such folder", bench("codecs", "none"));
    failed(2, "--seconds must be between 0 and 60", bench("codecs", "empty", "--seconds", "99"));
    failed(2, "Missing required parameter: 'DIR'", bench("ingest"));
    failed(2, "Missing required parameter: 'DIR'", bench("media"));
    failed(
        1,
        "the media driver 'x' is not installed",
        bench("media", "empty", "--size=1m", "--protocol=0", "--driver=x"));
    assertThat(folder.resolve("empty")).isEmptyDirectory();
  }

  private static void failed(int status, String words, Result result) {
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).startsWith("larder-bench: ").contains(words);
    assertThat(result.err().strip().lines()).hasSize(1);
  }
}
