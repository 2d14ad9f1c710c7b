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
  /** Where Linux has a tmpfs. */
  static final Path SHM = Path.of("/dev/shm");

  private final Path program;
  private final Path folder;
  private final Path ram;
  private final Map<String, String> environment;

  private TemporaryGateway(Path program, Path folder, Path ram, Map<String, String> environment) {
    this.program = program;
    this.folder = folder;
    this.ram = ram;
    this.environment = environment;
  }

  /** Starts one with its home in a folder and room for so much in its RAM cache. */
  static TemporaryGateway start(Path distribution, Path folder, long ramBytes)
      throws CliException, IOException {
    // What a stopped gateway leaves in RAM for its next start would stay for good.
    Path ram = Files.createTempDirectory(Files.isDirectory(SHM) ? SHM : folder, "larder-bench");
    TemporaryGateway gateway =
        new TemporaryGateway(
            distribution.resolve("bin").resolve("larder"),
            folder,
            ram,
            Map.of(
                "LARDER_HOME", folder.resolve("home").toString(),
                "LARDER_RAM", ram.resolve("cache").toString(),
                "LARDER_RAM_LIMIT", Long.toString(ramBytes),
                "LARDER_PORT", "0"));
    try {
      Tool.run(gateway.environment, List.of(gateway.program.toString(), "start"));
    } catch (CliException e) {
      delete(ram);
      throw e;
    }
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
  public void close() throws CliException, IOException {
    Tool.run(environment, List.of(program.toString(), "stop"));
    delete(ram);
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
