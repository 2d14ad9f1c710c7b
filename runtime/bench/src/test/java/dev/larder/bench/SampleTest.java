package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void givesQuantiles() {
    Sample sample = new Sample(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());
    assertThat(sample.min()).isEqualTo(1);
    assertThat(sample.max()).isEqualTo(100);
    assertThat(sample.median()).isEqualTo(50);
    assertThat(sample.quantile(0.99)).isEqualTo(99);
    assertThat(new Sample(7).quantile(0.5)).isEqualTo(7);
    assertThat(new Sample(3, 1, 2).median()).isEqualTo(2);
    assertThatThrownBy(Sample::new).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReportGivesTheMedianOfPairs() {
    SwapReport report =
        new SwapReport(
            1_000_000_000,
            700_000_000,
            2_000_000_000L,
            new Sample(1_500_000_000L, 900_000_000L, 1_000_000_000L),
            new Sample(1_000_000_000L, 1_000_000_000L, 1_000_000_000L),
            List.of(1.5, 0.9, 1.0),
            new Sample(400_000),
            new JsonObject(),
            PageCache.Way.WARM,
            List.of("not root"));
    assertThat(report.ratio()).isEqualTo(1.0);
    assertThat(report.toJson().get("putMBps").getAsString()).isEqualTo("500.0");
    assertThat(report.toJson().getAsJsonObject("swap").get("medianMillis").getAsString())
        .isEqualTo("1000.000");
    assertThat(report.lines())
        .anyMatch(line -> line.contains("(not cold)"))
        .contains("swap / cp: 1.00 (median of 3 pairs)", "note: not root");
  }
}
