package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All but the gateway, which needs a distribution: itests/gateway has that. */
class IngestTest {
  @TempDir Path folder;

  private IngestReport withPeers(String searchPath) throws IOException, CliException {
    Path data = Files.createDirectories(folder.resolve("data/sub"));
    Files.writeString(data.resolve("can.dbc"), "BO_ 100 Engine: 8 Gateway\n".repeat(2000));
    Path work = Files.createDirectory(folder.resolve("work"));
    Corpus corpus = Corpus.read(folder.resolve("data").toString());
    IngestBench bench = new IngestBench(corpus, work, System::nanoTime);
    bench.peers(searchPath);
    assertThat(work).isEmptyDirectory();
    return bench.report();
  }

  @Test
  void peersThatAreNotThereAreNamed() throws IOException, CliException {
    IngestReport report = withPeers(folder.resolve("no-programs").toString());
    assertThat(report.rows()).isEmpty();
    assertThat(report.missing()).hasSize(7);
    assertThat(report.lines())
        .contains("not measured: restic backup: restic not found on the PATH")
        .contains("not measured: tar | zstd -3 --long=27: tar and zstd not found on the PATH");
  }

  @Test
  void peersThatAreThereStoreAllFiles() throws IOException, CliException {
    IngestReport report = withPeers(System.getenv("PATH"));
    assertThat(report.rows().size() + report.missing().size()).isEqualTo(7);
    assertThat(report.rows())
        .allSatisfy(row -> assertThat(row.stored()).as(row.tool()).isPositive())
        .first()
        .satisfies(
            cp -> {
              assertThat(cp.tool()).isEqualTo("cp -r");
              assertThat(cp.stored()).isGreaterThanOrEqualTo(52_000);
              assertThat(cp.times().wall()).isPositive();
            });
  }

  @Test
  void countsTheCpuTimeOfChildren() throws CliException {
    long before = CpuTime.ofChildren();
    Tool.run(Map.of(), List.of("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"));
    assertThat(CpuTime.ofChildren() - before).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(CpuTime.of(ProcessHandle.current().pid())).isPositive();
  }

  @Test
  void aReportHasTableDocumentAndPicture() {
    IngestReport report =
        new IngestReport(
            2,
            3_000_000,
            List.of(
                new IngestReport.Row(
                    "larder put --recursive",
                    new IngestReport.Times(1_500_000_000, 20_000_000, 900_000_000),
                    1_500_000)),
            List.of(new Missing("casync make", "casync not found on the PATH")),
            List.of("left out, no regular file: x"));
    assertThat(report.lines())
        .containsExactly(
            "2 files, 2.9 MiB, in the page cache",
            "TOOL                      WALL    SYNC     CPU   STORED  RATIO",
            "larder put --recursive  1.50 s  0.02 s  0.90 s  1.4 MiB  2.000",
            "not measured: casync make: casync not found on the PATH",
            "note: left out, no regular file: x");
    JsonObject row = report.toJson().getAsJsonArray("tools").get(0).getAsJsonObject();
    assertThat(row.get("wallMillis").getAsString()).isEqualTo("1500.000");
    assertThat(row.get("storedBytes").getAsLong()).isEqualTo(1_500_000);
    assertThat(row.get("ratio").getAsString()).isEqualTo("2.000");
    assertThat(report.toJson().getAsJsonArray("missing")).hasSize(1);
    assertThat(report.chart().groups())
        .extracting(BarChart.Group::name)
        .containsExactly(
            "bytes that the file system has allocated", "wall time and sync", "CPU time");
  }
}
