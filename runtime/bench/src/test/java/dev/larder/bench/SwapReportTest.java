package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwapReportTest {
  private static final long SECOND = 1_000_000_000;

  private static final Path FOLDER = Path.of("/none");

  /** A gigabyte; cp takes a second, what is measured of the gateway is given. */
  private SwapReport report(long[] swaps, long cpu, double insideP99) {
    long[] copies = new long[swaps.length];
    Arrays.fill(copies, SECOND);
    List<Restore> tools = Restore.all(FOLDER.resolve("f"), FOLDER, FOLDER);
    List<Restores.Row> rows =
        List.of(
            new Restores.Row(tools.get(0), new Sample(copies), new Sample(SECOND / 2), 10),
            new Restores.Row(tools.get(1), new Sample(SECOND), new Sample(SECOND / 5), 10),
            new Restores.Row(tools.get(2), new Sample(SECOND), new Sample(SECOND), 9),
            new Restores.Row(tools.get(3), new Sample(4 * SECOND), new Sample(SECOND), 9),
            new Restores.Row(tools.get(4), new Sample(3 * SECOND), new Sample(SECOND), 9));
    JsonObject inside =
        JsonParser.parseString("{\"p50Millis\":0.1,\"p99Millis\":" + insideP99 + "}")
            .getAsJsonObject();
    return new SwapReport(
        SECOND,
        SECOND * 7 / 10,
        2 * SECOND,
        swaps,
        new Sample(cpu),
        copies,
        rows,
        List.of(new Missing("casync extract", "casync not found on the PATH")),
        new ResidentSwaps(new Sample(400_000), inside),
        PageCache.Way.WARM,
        List.of("not root"));
  }

  private static List<String> met(SwapReport report) {
    return report.grids().get(1).rows().stream().map(row -> row.get(3)).toList();
  }

  @Test
  void theRatioIsTheMedianOfPairs() {
    SwapReport report = report(new long[] {SECOND * 3 / 2, SECOND * 9 / 10, SECOND}, SECOND, 0.1);
    assertThat(report.ratio()).isEqualTo(1.0);
    JsonObject json = report.toJson();
    assertThat(json.get("putMBps").getAsString()).isEqualTo("500.0");
    assertThat(json.getAsJsonObject("swap").get("medianMillis").getAsString())
        .isEqualTo("1000.000");
    assertThat(json.getAsJsonObject("swap").get("cpuMillis").getAsString()).isEqualTo("1000.000");
    assertThat(json.getAsJsonObject("cp").get("count").getAsInt()).isEqualTo(3);
    assertThat(json.getAsJsonArray("tools")).hasSize(5);
    JsonObject borg = json.getAsJsonArray("tools").get(3).getAsJsonObject();
    assertThat(borg.get("tool").getAsString()).isEqualTo("borg extract");
    assertThat(borg.get("slowerThanSwap").getAsString()).isEqualTo("4.000");
    assertThat(borg.get("deduplicates").getAsBoolean()).isTrue();
    assertThat(report.lines())
        .anyMatch(line -> line.contains("(not cold)"))
        .contains("not measured: casync extract: casync not found on the PATH", "note: not root");
    assertThat(report.chart().groups()).hasSize(3);
  }

  @Test
  void eachBarCanBeMissed() {
    // cp gives exactly 1 GB/s: the bar for fast disks holds.
    assertThat(met(report(new long[] {SECOND * 9 / 10}, SECOND * 7 / 10, 0.999)))
        .containsExactly("yes", "yes", "yes", "yes", "yes", "yes");
    assertThat(met(report(new long[] {SECOND * 12 / 10}, SECOND * 8 / 10, 1.0)))
        .containsExactly("no", "no", "no", "no", "yes", "no");
  }
}
