package dev.larder.tiering.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.api.Statistics.Latency;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void quantilesAreWithinOnePercent() {
    Random random = new Random(1);
    long[] values = new long[100_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 26);
      histogram.record(values[i]);
    }
    Arrays.sort(values);
    Latency latency = histogram.snapshot().latency();
    assertThat(latency.count()).isEqualTo(values.length);
    near(latency.p50Nanos(), values[50_000]);
    near(latency.p99Nanos(), values[99_000]);
    near(latency.maxNanos(), values[100_000]);
  }

  private static void near(long told, long exact) {
    assertThat((double) told).isEqualTo(exact, within(exact * 0.01));
  }

  @Test
  void everyMagnitudeIsWithinOnePercent() {
    for (long nanos = 1; nanos < 1L << 47; nanos += 1 + nanos / 7) {
      LatencyHistogram one = new LatencyHistogram();
      one.record(nanos);
      near(one.snapshot().latency().maxNanos(), nanos);
    }
  }

  @Test
  void nothingCounted() {
    assertThat(histogram.snapshot().latency()).isEqualTo(Latency.NONE);
  }

  @Test
  void howManyWereHowQuick() {
    for (long nanos : new long[] {50_000, 90_000, 240_000, 20_000_000, 60_000_000_000L}) {
      histogram.record(nanos);
    }
    Latency latency = histogram.snapshot().latency();
    assertThat(latency.within())
        .containsExactly(2L, 3L, 3L, 3L, 3L, 3L, 3L, 4L, 4L, 4L, 4L, 4L, 4L, 4L, 4L, 4L, 4L);
    near(latency.sumNanos(), 60_020_380_000L);
  }

  @Test
  void extremesAreCounted() {
    histogram.record(0);
    histogram.record(-1);
    histogram.record(Long.MAX_VALUE);
    assertThat(histogram.snapshot().latency().count()).isEqualTo(3);
    assertThat(histogram.snapshot().latency().p50Nanos()).isZero();
  }

  @Test
  void sinceAnEarlierSnapshot() {
    histogram.record(10);
    histogram.record(1_000_000);
    LatencyHistogram.Snapshot mark = histogram.snapshot();
    histogram.record(10);
    histogram.record(20);
    Latency since = histogram.snapshot().since(mark).latency();
    assertThat(since.count()).isEqualTo(2);
    assertThat(since.p50Nanos()).isEqualTo(10);
    assertThat(since.p99Nanos()).isEqualTo(20);
    assertThat(since.maxNanos()).isEqualTo(20);
    assertThat(since.sumNanos()).isEqualTo(30);
    assertThat(mark.since(mark).latency().count()).isZero();
  }
}
