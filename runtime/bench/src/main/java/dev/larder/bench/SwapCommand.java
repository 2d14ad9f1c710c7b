package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import dev.larder.cli.gateway.Query;
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
    header = "Measures swaps of a generated model, cold and resident, and cp of the same file.",
    description = {
      "Stores a file of bf16 weights and swaps it cold from its tier, in turn with a cold 'cp' of"
          + " the same file to tmpfs; then swaps it while it is resident. Takes a gateway of its"
          + " own, or with --home one that runs. Run as root to have cold files; needs free space"
          + " of two and a half times the size, and twice the size of tmpfs.",
      ""
    })
final class SwapCommand implements Callable<Integer> {
  private static final Path SHM = Path.of("/dev/shm");

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

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  private boolean json;

  @Override
  public Integer call() throws CliException, IOException {
    long bytes = Workplace.bytes("--size", size);
    if (runs < 1 || runs > 1000) {
      throw CliException.usage("--runs must be between 1 and 1000", "");
    }
    if (!Files.isDirectory(SHM)) {
      throw new CliException("IO_ERROR", "there is no tmpfs at " + SHM, "mount one");
    }
    Path folder = workplace.folder(bytes * 5 / 2);
    try {
      Path tmpfs = Workplace.folder(SHM, bytes * 2);
      try {
        Path file = folder.resolve("model.safetensors");
        new WeightsFile(bytes).write(file, bytes);
        print(home == null ? own(file, tmpfs, bytes) : running(home, file, tmpfs));
      } finally {
        TemporaryGateway.delete(tmpfs);
      }
    } finally {
      TemporaryGateway.delete(folder);
    }
    return 0;
  }

  private SwapReport own(Path file, Path tmpfs, long bytes) throws CliException, IOException {
    Path folder = Path.of(String.valueOf(file.getParent()));
    try (TemporaryGateway own = Workplace.gateway(folder, bytes * 3 / 2 + (64 << 20))) {
      return bench(own.gateway(), file, tmpfs);
    }
  }

  private SwapReport running(String name, Path file, Path tmpfs) throws CliException, IOException {
    return bench(Gateway.of(Home.find(name, Map.of())), file, tmpfs);
  }

  private SwapReport bench(Gateway gateway, Path file, Path tmpfs)
      throws CliException, IOException {
    List<Path> tiers =
        Fields.objects(gateway.get(Query.of("/v1/tiers"))).stream()
            .map(tier -> Fields.text(tier, "location"))
            .filter(location -> !location.isEmpty())
            .map(Path::of)
            .filter(Files::isReadable)
            .toList();
    String reference = "larder-bench/swap-" + ProcessHandle.current().pid() + ":latest";
    return new SwapBench(gateway, System::nanoTime, PageCache.find(), file, tmpfs, tiers, reference)
        .run(runs);
  }

  private void print(SwapReport report) {
    JsonObject document = report.toJson();
    if (json) {
      System.out.println(document);
    } else {
      report.lines().forEach(System.out::println);
    }
  }
}
