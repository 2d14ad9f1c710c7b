package dev.larder.bench;

import dev.larder.bench.cache.Objective;
import dev.larder.bench.cache.PolicyCache;
import dev.larder.bench.cache.TraceReader;
import dev.larder.bench.life.Life;
import dev.larder.bench.life.LifeOutcome;
import dev.larder.bench.life.LifeTier;
import dev.larder.cli.CliException;
import dev.larder.policy.placement.cost.CostPlacement;
import dev.larder.policy.placement.kind.ClassPlacement;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.placement.PlacementRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder-bench life}. */
@Command(
    name = "life",
    mixinStandardHelpOptions = true,
    header = "Simulates years of a gateway on a trace: waiting, moves between tiers, wear.",
    description = {
      "Needs no gateway: the classes that decide in one run on a clock that is simulated. The trace"
          + " (lines of 'time TAB key TAB size', the time in seconds) is repeated to fill the time.",
      ""
    })
final class LifeCommand implements Callable<Integer> {
  private static final double YEAR_SECONDS = 365 * 86_400.0;
  private static final double MOST_YEARS = 100;
  private static final List<String> TIERS = List.of("nvme:2g", "sd:32g");

  @Option(names = "--trace", required = true, paramLabel = "FILE", description = "The trace.")
  private @Nullable Path trace;

  @Option(names = "--years", paramLabel = "N", description = "How long, such as 0.5 (default: 1).")
  private double years = 1;

  @Option(
      names = "--tier",
      paramLabel = "CLASS:SIZE[:K=V]…",
      description =
          "A tier: pmem, nvme, emmc, sd or remote, its capacity, and role=cache, ratedWrites=10t or"
              + " placement.*; several times (default: nvme:2g and sd:32g).")
  private List<String> tiers = new ArrayList<>();

  @Option(
      names = "--ram",
      paramLabel = "SIZE",
      description = "What the RAM cache may take (default: 512m).")
  private String ram = "512m";

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Cache policy: lru, lfu, gdsf or adaptive (default: lru).")
  private String policy = "lru";

  @Option(
      names = "--placement",
      paramLabel = "NAME",
      description = "Placement rule: class or cost (default: class).")
  private String placement = "class";

  @Option(
      names = "--pause",
      paramLabel = "HOURS",
      description = "Before a home that was moved is moved again (default: 6).")
  private double pause = 6;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException {
    output.check();
    if (!(years > 0 && years <= MOST_YEARS)) {
      throw CliException.usage("--years must be above 0 and at most " + (int) MOST_YEARS, "");
    }
    if (!(pause >= 0 && pause <= 24 * 365)) {
      throw CliException.usage("--pause must be between 0 and 8760 hours", "");
    }
    long started = System.nanoTime();
    LifeOutcome outcome = run(tiers(), Workplace.bytes("--ram", ram));
    output.print(new LifeReport(outcome, policy, placement, System.nanoTime() - started));
    return 0;
  }

  private List<LifeTier> tiers() throws CliException {
    List<LifeTier> all = new ArrayList<>();
    for (String text : tiers.isEmpty() ? TIERS : tiers) {
      LifeTier tier = LifeTier.parse(text, Workplace::bytes, 0);
      boolean again = all.stream().anyMatch(other -> other.name().equals(tier.name()));
      all.add(again ? LifeTier.parse(text, Workplace::bytes, all.size() + 1) : tier);
    }
    if (all.stream().noneMatch(LifeTier::isStorage)) {
      throw CliException.usage("--tier: there is no storage tier", "add one such as sd:32g");
    }
    return all;
  }

  /** The trace again and again; a repetition begins a mean gap behind the end of the last one. */
  private LifeOutcome run(List<LifeTier> all, long ramBytes) throws CliException {
    Duration wait = Duration.ofMillis((long) (pause * 3_600_000));
    Life life = new Life(all, ramBytes, cachePolicy(), placementRule(), wait);
    double end = years * YEAR_SECONDS;
    double offset = 0;
    while (true) {
      long count = 0;
      double first = 0;
      double last = 0;
      try (TraceReader reader = new TraceReader(Objects.requireNonNull(trace))) {
        while (reader.next()) {
          first = count == 0 ? reader.time() : first;
          last = Math.max(last, reader.time() - first);
          count++;
          if (offset + last > end) {
            return life.outcome();
          }
          life.access((long) ((offset + last) * 1e9), reader.key(), reader.size());
        }
      }
      if (!(last > 0)) {
        throw new CliException(
            "INVALID_TRACE", trace + " takes no time", "its first column is the time in seconds");
      }
      offset += last + last / count;
    }
  }

  private CachePolicy cachePolicy() throws CliException {
    if (!PolicyCache.NAMES.contains(policy)) {
      throw CliException.usage(
          "--policy: there is no '" + policy + "'", "use one of " + PolicyCache.NAMES);
    }
    return PolicyCache.policy(policy, Objective.SECONDS);
  }

  private PlacementRule placementRule() throws CliException {
    return switch (placement) {
      case "class" -> new ClassPlacement();
      case "cost" -> new CostPlacement();
      default ->
          throw CliException.usage("--placement: there is no '" + placement + "'", "class or cost");
    };
  }
}
