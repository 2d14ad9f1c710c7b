package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediaReportTest {
  private static final long MS = 1_000_000;

  /** 30 MB of stored form, which the medium gives in 100 ms unless it is faster. */
  private static MediaReport report(long swap, long read, long sibling, long p99, long memory) {
    JsonObject inside =
        JsonParser.parseString("{\"p50Millis\":0.02,\"p99Millis\":0.2}").getAsJsonObject();
    MediaReport.Medium medium =
        new MediaReport.Medium(
            "/mnt/card",
            "sd",
            "SD card <32 GB>",
            30_000_000,
            500 * MS,
            new MediaReport.Cold(
                new long[] {swap - MS, swap + MS},
                new long[] {read, read},
                30_030_000,
                false,
                PageCache.Way.DROPPED),
            new MediaReport.Sibling(0.3, 10_000_000, sibling, 20_000_000, 40 * MS),
            new ResidentSwaps(new Sample(p99), inside),
            new ProtocolReads.Result(
                100, 3_000_000, 50 * MS, 1000 * MS, new Sample(MS, MS, 2 * MS)),
            100 << 20,
            memory);
    return new MediaReport(
        45_000_000, List.of(medium), List.of(new Missing("/mnt/b", "TIER_FULL")));
  }

  private static List<String> met(MediaReport report) {
    return report.grids().get(0).rows().stream()
        .filter(row -> !row.get(2).isEmpty())
        .map(row -> row.get(3))
        .toList();
  }

  @Test
  void tellsWhatIsMadeOfAMedium() {
    MediaReport report = report(110 * MS, 100 * MS, 10_400_000, MS, 150 << 20);
    JsonObject medium = report.toJson().getAsJsonArray("media").get(0).getAsJsonObject();
    assertThat(medium.get("readMBps").getAsString()).isEqualTo("300.0");
    assertThat(medium.get("swapMBps").getAsString()).isEqualTo("272.7");
    assertThat(medium.get("share").getAsString()).isEqualTo("0.909");
    assertThat(medium.getAsJsonObject("swap").get("meanMillis").getAsString()).isEqualTo("110.000");
    assertThat(medium.getAsJsonObject("swap").get("maxMillis").getAsString()).isEqualTo("111.000");
    assertThat(medium.getAsJsonObject("swap").getAsJsonArray("allMillis")).hasSize(2);
    assertThat(medium.getAsJsonObject("sibling").get("ratio").getAsString()).isEqualTo("1.040");
    assertThat(medium.getAsJsonObject("protocol").get("requestsPerSecond").getAsLong())
        .isEqualTo(3);
    assertThat(report.lines())
        .contains(
            "not measured: /mnt/b: TIER_FULL",
            "note: /mnt/card: plain reads go through the page cache, which was dropped")
        .anyMatch(line -> line.contains("mean 110.000 ms, worst 111.000 ms"))
        .anyMatch(line -> line.contains("273 MB/s / 300 MB/s: 90.9 %"));
    assertThat(Page.of("larder-bench media /mnt/card", Instant.EPOCH, report))
        .contains("SD card &lt;32 GB&gt;", "<td>cold swap, 2 runs</td>", "swap 2", "/mnt/b");
  }

  @Test
  void eachBarCanBeMissed() {
    // share, sibling, resident over HTTP and inside, reads a second and their p99, memory
    assertThat(met(report(111 * MS, 100 * MS, 10_500_000, 2 * MS - 1, 200 << 20)))
        .containsExactly("yes", "yes", "yes", "yes", "no", "yes", "yes");
    assertThat(met(report(112 * MS, 100 * MS, 10_500_001, 2 * MS, (200 << 20) + 1)))
        .containsExactly("no", "no", "no", "yes", "no", "yes", "no");
  }

  @Test
  void aMediumFasterThanAProcessorDecodesHasNoBarForItsShare() {
    assertThat(met(report(112 * MS, 50 * MS, 10_500_000, MS, 1))).hasSize(6);
  }
}
