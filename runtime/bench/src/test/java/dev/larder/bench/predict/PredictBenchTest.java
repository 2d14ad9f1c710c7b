package dev.larder.bench.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.bench.predict.ModelEvents.Event;
import dev.larder.bench.predict.PredictBench.Outcome;
import dev.larder.cli.CliException;
import dev.larder.policy.cache.lru.LruPolicy;
import dev.larder.policy.predict.ppm.PpmPredictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictBenchTest {

  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  /** Pipelines of five models each, which one is by chance. */
  private static ModelEvents pipelines(int events) {
    Random random = new Random(1);
    List<Event> all = new ArrayList<>();
    for (int i = 0; i < events; i += 5) {
      int pipeline = random.nextInt(12);
      for (int step = 0; step < 5; step++) {
        all.add(new Event(60.0 * (i + step), pipeline * 5 + step, (1 + step) * MIB));
      }
    }
    return new ModelEvents(all);
  }

  private static Outcome run(ModelEvents trace, boolean ahead) {
    return new PredictBench(trace, 30 * MIB, 500, true, System::nanoTime)
        .run(new LruPolicy(), ahead ? new PpmPredictor() : null);
  }

  @Test
  void whatHasAnOrderIsLoadedAhead() {
    Outcome without = run(pipelines(5000), false);
    Outcome with = run(pipelines(5000), true);
    assertThat(without.events()).isEqualTo(4500);
    assertThat(without.aheadBytes()).isZero();
    assertThat(with.hitRatio()).isGreaterThan(0.8).isGreaterThan(without.hitRatio() + 0.5);
    assertThat(with.precision()).isGreaterThan(0.9);
    assertThat((double) with.first() / with.guesses()).isGreaterThan(0.75);
    assertThat(with.demandBytes() + with.usefulBytes() + with.wastedBytes())
        .isLessThan(without.demandBytes() * 11 / 10);
  }

  @Test
  void whatHasNoneIsNot() {
    for (int seed = 0; seed < 5; seed++) {
      ModelEvents shuffled = pipelines(5000).shuffled(seed);
      Outcome with = run(shuffled, true);
      assertThat(with.aheadBytes()).isLessThan(with.demandBytes() / 50);
      assertThat(with.hitRatio()).isGreaterThan(run(shuffled, false).hitRatio() - 0.002);
    }
  }

  @Test
  void onlyModelsCount() throws IOException, CliException {
    Path trace = folder.resolve("t.tsv");
    Files.writeString(trace, "0\t1\t1048576\n0.5\t2\t1048575\n7\t1\t2000000\n");
    ModelEvents events = ModelEvents.read(trace);
    assertThat(events.events())
        .containsExactly(new Event(0, 1, 1_048_576), new Event(7, 1, 2_000_000));
    assertThat(events.footprint()).isEqualTo(2_000_000);
    assertThat(events.shuffled(3).events()).extracting(Event::seconds).containsExactly(0.0, 7.0);
  }
}
