package dev.larder.bench;

import dev.larder.bench.cache.Objective;
import dev.larder.bench.cache.PolicyCache;
import dev.larder.bench.predict.ModelEvents;
import dev.larder.bench.predict.PredictBench;
import dev.larder.cli.CliException;
import dev.larder.policy.predict.ppm.PpmPredictor;
import dev.larder.spi.cache.CachePolicy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder-bench predict}. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    header = "Replays a trace and tells what loading ahead would have gained and cost.",
    description = {
      "Replays the models of a trace (1 MiB or more; lines of 'time TAB key TAB size', time in"
          + " seconds) on a model of the RAM cache, once without prediction and once with the"
          + " predictor and the gate of the distribution. Needs no gateway.",
      ""
    })
final class PredictCommand implements Callable<Integer> {

  @Option(names = "--trace", required = true, paramLabel = "FILE", description = "Plain or gzip.")
  private @Nullable Path trace;

  @Option(
      names = "--fraction",
      paramLabel = "F",
      description = "Size of the cache, as a share of the bytes of all models (default: 0.1).")
  private double fraction = 0.1;

  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "Cache policy: lru, lfu, gdsf or adaptive (default: lru).")
  private String policy = "lru";

  @Option(names = "--predictor", paramLabel = "P", description = "Only ppm (default: ppm).")
  private String predictor = "ppm";

  @Option(
      names = "--warm-up",
      paramLabel = "F",
      description = "Share of the events that is not counted (default: 0.2).")
  private double warmUp = 0.2;

  @Option(
      names = "--shuffle",
      paramLabel = "SEED",
      description = "The same accesses in a random order: nothing should be loaded ahead.")
  private @Nullable Long shuffle;

  @Option(names = "--no-clock", description = "As on a gateway that does not know the time.")
  private boolean noClock;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException {
    if (!(fraction > 0 && fraction <= 1)) {
      throw CliException.usage("--fraction must be between 0 and 1", "");
    }
    if (!(warmUp >= 0 && warmUp <= 0.9)) {
      throw CliException.usage("--warm-up must be between 0 and 0.9", "");
    }
    if (!predictor.equals("ppm")) {
      throw CliException.usage(
          "--predictor: there is no '" + predictor + "'", "ppm is all there is");
    }
    policy();
    output.check();
    if (trace == null) {
      throw CliException.usage("--trace is missing", "");
    }
    ModelEvents events = ModelEvents.read(trace);
    if (shuffle != null) {
      events = events.shuffled(shuffle);
    }
    long capacity = (long) (events.footprint() * fraction);
    int skipped = (int) (events.events().size() * warmUp);
    PredictBench bench = new PredictBench(events, capacity, skipped, !noClock, System::nanoTime);
    output.print(
        new PredictReport(
            trace.toString(),
            capacity,
            policy,
            predictor,
            bench.run(policy(), null),
            bench.run(policy(), new PpmPredictor())));
    return 0;
  }

  private CachePolicy policy() throws CliException {
    if (!PolicyCache.NAMES.contains(policy)) {
      throw CliException.usage(
          "--policy: there is no '" + policy + "'", "use one of " + PolicyCache.NAMES);
    }
    return PolicyCache.policy(policy, Objective.SECONDS);
  }
}
