package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder-bench collect}. */
@Command(
    name = "collect",
    mixinStandardHelpOptions = true,
    header = "Measures a collection after every second artifact was deleted, and swaps during it.",
    description = {
      "Stores files of bf16 weights in a gateway of its own, swaps them from their tier, deletes"
          + " every second one, and collects while the others go on being swapped from their tier."
          + " Needs free space of twice the size.",
      ""
    })
final class CollectCommand implements Callable<Integer> {
  private static final int MOST_ARTIFACTS = 10_000;

  @Option(names = "--size", paramLabel = "SIZE", description = "Of all files (default: 2g).")
  private String size = "2g";

  @Option(
      names = "--artifacts",
      paramLabel = "N",
      description = "Into how many it is divided (default: 200).")
  private int artifacts = 200;

  @Mixin private Workplace workplace = new Workplace();

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  private boolean json;

  @Override
  public Integer call() throws CliException, IOException {
    long bytes = Workplace.bytes("--size", size);
    if (artifacts < 2 || artifacts > MOST_ARTIFACTS) {
      throw CliException.usage("--artifacts must be between 2 and " + MOST_ARTIFACTS, "");
    }
    long each = bytes / artifacts;
    Path folder = workplace.folder(bytes * 2);
    try (TemporaryGateway own = Workplace.gateway(folder, 4 * each + (16 << 20))) {
      CollectReport report =
          new CollectBench(own.gateway(), System::nanoTime, folder).run(artifacts, each);
      if (json) {
        System.out.println(report.toJson());
      } else {
        report.lines().forEach(System.out::println);
      }
    } finally {
      TemporaryGateway.delete(folder);
    }
    return 0;
  }
}
