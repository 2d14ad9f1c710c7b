package dev.larder.bench;

import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway of the benchmark's own, which leaves nothing behind. */
final class TemporaryGateway implements AutoCloseable {
  private final Path program;
  private final Path folder;
  private final Map<String, String> environment;

  private TemporaryGateway(Path program, Path folder, Map<String, String> environment) {
    this.program = program;
    this.folder = folder;
    this.environment = environment;
  }

  /** Starts one with its home in a folder and room for so much in its RAM cache. */
  static TemporaryGateway start(Path distribution, Path folder, long ramBytes) throws CliException {
    TemporaryGateway gateway =
        new TemporaryGateway(
            distribution.resolve("bin").resolve("larder"),
            folder,
            Map.of(
                "LARDER_HOME", folder.resolve("home").toString(),
                "LARDER_RAM_LIMIT", Long.toString(ramBytes),
                "LARDER_PORT", "0"));
    Tool.run(gateway.environment, List.of(gateway.program.toString(), "start"));
    return gateway;
  }

  Gateway gateway() throws CliException {
    return Gateway.of(home());
  }

  /** Runs a command of its command line; what it prints as JSON goes into a file. */
  void command(Path output, String... words) throws CliException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--json"));
    command.addAll(List.of(words));
    Tool.run(environment, command, output.toFile());
  }

  Home home() {
    return new Home(folder.resolve("home"));
  }

  @Override
  public void close() throws CliException {
    Tool.run(environment, List.of(program.toString(), "stop"));
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
