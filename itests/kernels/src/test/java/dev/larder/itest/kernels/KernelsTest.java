package dev.larder.itest.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks: for their figures with {@code -Dlarder.long=true}, else for a moment, so
 * that it is known that they run.
 */
class KernelsTest {

  private static final int CODECS = 3;
  private static final int KINDS = 4;
  private static final int DIRECTIONS = 2;

  @Test
  void blockCodecs() throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder().include(BlockCodecBenchmark.class.getName()).shouldFailOnError(true);
    if (!Boolean.getBoolean("larder.long")) {
      TimeValue moment = TimeValue.milliseconds(1);
      options =
          options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(moment);
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    assertThat(results).hasSize(CODECS * KINDS * DIRECTIONS);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }
}
