package dev.larder.bench;

import dev.larder.bench.cache.Objective;
import dev.larder.bench.cache.Trace;
import dev.larder.cli.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder-bench cache}. */
@Command(
    name = "cache",
    mixinStandardHelpOptions = true,
    header = "Replays traces on the cache policies, with other caches and a bound beside them.",
    description = {
      "A trace has lines 'time TAB key TAB size', plain or with gzip. Caches have no content. Our"
          + " policies: lru, lfu, gdsf, adaptive. Others: exact-lru, exact-lfu, exact-gdsf, caffeine"
          + " (W-TinyLFU), s3fifo. 'clairvoyant' is what no cache can exceed. Needs no gateway.",
      ""
    })
final class CacheCommand implements Callable<Integer> {
  private static final int MOST_FRACTIONS = 32;

  private enum Mode {
    bytes,
    objects
  }

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Trace to replay; may be given several times.")
  private List<Path> traces = new ArrayList<>();

  @Option(
      names = "--policies",
      paramLabel = "A,B",
      split = ",",
      description = "What is compared (default: all).")
  private List<String> policies = new ArrayList<>(CacheBench.all());

  @Option(
      names = "--fractions",
      paramLabel = "F,G",
      split = ",",
      description =
          "Sizes of caches as parts of the footprint, the size of all keys together (default:"
              + " 0.01,0.05,0.1,0.25).")
  private List<Double> fractions = new ArrayList<>(List.of(0.01, 0.05, 0.1, 0.25));

  @Option(
      names = "--mode",
      paramLabel = "bytes|objects",
      description = "Whether objects have their sizes or all the same (default: bytes).")
  private Mode mode = Mode.bytes;

  @Option(
      names = "--objective",
      paramLabel = "ohr|bhr|joint|seconds",
      description =
          "What is to be saved: object hits, bytes, the mean of both, or the time of loading from an"
              + " SD card (default: ohr for --mode objects, else joint).")
  private String objective = "";

  @Option(
      names = "--cost",
      description =
          "Measure what an access costs at about 10,000 residents instead, by one thread and two.")
  private boolean cost;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException {
    output.check();
    if (cost) {
      output.print(new CostBench().run());
      return 0;
    }
    check();
    boolean equalSizes = mode == Mode.objects;
    Objective wanted = objective(equalSizes);
    CacheBench bench = new CacheBench(policies, fractions, equalSizes, wanted, System::nanoTime);
    List<CacheReport.Row> rows = new ArrayList<>();
    for (Path trace : traces) {
      rows.addAll(bench.run(Trace.read(trace, equalSizes)));
    }
    output.print(new CacheReport(wanted, rows));
    return 0;
  }

  private void check() throws CliException {
    if (traces.isEmpty()) {
      throw CliException.usage("a trace is needed", "give --trace FILE.tsv.gz");
    }
    for (String policy : policies) {
      if (!CacheBench.all().contains(policy)) {
        throw CliException.usage(
            "there is no policy '" + policy + "'",
            "take some of " + String.join(",", CacheBench.all()));
      }
    }
    if (fractions.size() > MOST_FRACTIONS || !fractions.stream().allMatch(f -> f > 0 && f <= 1)) {
      throw CliException.usage(
          "--fractions must be above 0, up to 1, and not more than " + MOST_FRACTIONS, "");
    }
  }

  private Objective objective(boolean equalSizes) throws CliException {
    if (objective.isEmpty()) {
      return equalSizes ? Objective.OHR : Objective.JOINT;
    }
    return Arrays.stream(Objective.values())
        .filter(known -> known.label().equals(objective))
        .findFirst()
        .orElseThrow(
            () ->
                CliException.usage(
                    "there is no objective '" + objective + "'",
                    "take ohr, bhr, joint or seconds"));
  }
}
