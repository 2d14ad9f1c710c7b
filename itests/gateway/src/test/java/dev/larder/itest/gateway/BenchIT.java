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
  }

  private static void failed(int status, String words, Result result) {
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).startsWith("larder-bench: ").contains(words);
    assertThat(result.err().strip().lines()).hasSize(1);
  }
}
