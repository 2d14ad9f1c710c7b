package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
