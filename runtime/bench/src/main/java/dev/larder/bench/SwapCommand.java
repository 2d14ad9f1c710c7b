package dev.larder.bench;

import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder-bench swap}. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    header = "Measures swaps of a generated model, with cp, zstd, borg and others beside it.",
    description = {
      "Stores a file of bf16 weights and swaps it cold from its tier, in turn with a cold 'cp' of"
          + " the same file to tmpfs, with 'dd' past the page cache, and with those of zstd, borg,"
          + " restic and casync that are on the PATH, which have stored it before; then swaps it"
          + " while it is resident. Takes a gateway of its own, or with --home one that runs. Run as"
          + " root to have cold files; needs free space of six times the size, with --no-peers of two"
          + " and a half times, and twice the size of tmpfs.",
      ""
    })
final class SwapCommand implements Callable<Integer> {

  @Option(names = "--size", paramLabel = "SIZE", description = "Size of the file (default: 1g).")
  private String size = "1g";

  @Option(names = "--runs", paramLabel = "N", description = "Pairs of swap and cp (default: 5).")
  private int runs = 5;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Home of a running gateway to measure (default: one of its own).")
  private @Nullable String home;

  @Mixin private Workplace workplace = new Workplace();

  @Option(names = "--no-peers", description = "Only cp and dd beside it.")
  private boolean alone;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException, IOException {
    long bytes = Workplace.model(size, runs);
    output.check();
    Path folder = workplace.folder(alone ? bytes * 5 / 2 : bytes * 6);
    try {
      Path tmpfs = Workplace.tmpfs(bytes * 2);
      try {
        Path file = folder.resolve("model.safetensors");
        new WeightsFile(bytes).write(file, bytes);
        PageCache pageCache = PageCache.find();
        Restores others = new Restores(System::nanoTime, pageCache, file, tmpfs);
        Path stored = Files.createDirectory(folder.resolve("peers"));
        others.prepare(stored, !alone, System.getenv().getOrDefault("PATH", ""));
        if (home == null) {
          try (TemporaryGateway own = Workplace.gateway(folder, bytes * 3 / 2 + (64 << 20))) {
            output.print(bench(own.home(), pageCache, file, tmpfs, others));
          }
        } else {
          output.print(bench(Home.find(home, Map.of()), pageCache, file, tmpfs, others));
        }
      } finally {
        TemporaryGateway.delete(tmpfs);
      }
    } finally {
      TemporaryGateway.delete(folder);
    }
    return 0;
  }

  private SwapReport bench(Home home, PageCache pageCache, Path file, Path tmpfs, Restores others)
      throws CliException, IOException {
    List<Path> tiers =
        new Calls(Gateway.of(home))
            .tiers().stream()
                .map(tier -> Fields.text(tier, "path"))
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isReadable)
                .toList();
    String reference = "larder-bench/swap-" + ProcessHandle.current().pid() + ":latest";
    return new SwapBench(home, System::nanoTime, pageCache, file, tmpfs, others, tiers, reference)
        .run(runs);
  }
}
