package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The built gateway as real processes: a home of its own in the temporary folder, a RAM folder of
 * its own on tmpfs, a free port.
 */
final class Gateway implements AutoCloseable {
  /** The unpacked distribution. */
  static final Path DISTRIBUTION =
      Path.of(System.getProperty("larder.distribution")).toAbsolutePath().normalize();

  private static final Path SHM = Path.of("/dev/shm");

  final Path folder;
  final Path home;
  final Path ram;
  private final Map<String, String> environment = new HashMap<>();

  Gateway() {
    assertThat(DISTRIBUTION.resolve("bin/larder"))
        .as("the distribution: build it with mvn -DskipTests package")
        .isExecutable();
    try {
      folder = Files.createTempDirectory("larder-it").toRealPath();
      home = folder.resolve("home");
      Path shared = Files.isWritable(SHM) ? SHM : folder;
      ram = Files.createTempDirectory(shared, "larder-it").resolve("ram");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    set("LARDER_HOME", home.toString());
    set("LARDER_RAM", ram.toString());
    set("LARDER_PORT", "0");
  }

  /** Sets an environment variable of all its processes. */
  Gateway set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts it and waits until it is ready. */
  Gateway start() {
    cli("start").ok();
    return this;
  }

  /** Stops it and waits until its process has ended. */
  void stop() {
    cli("stop").ok();
  }

  /** Stops and starts it. */
  void restart() {
    stop();
    start();
  }

  /** Ends it as a power cut would, as far as its process is concerned. */
  void kill() {
    ProcessHandle process = process();
    process.destroyForcibly();
    process.onExit().join();
  }

  private ProcessHandle process() {
    return ProcessHandle.of(pid()).orElseThrow();
  }

  /** Runs a command of the command line. */
  Result cli(String... arguments) {
    return cliWithInput(Path.of("/dev/null"), arguments);
  }

  /** Runs a command with a file as standard input. */
  Result cliWithInput(Path input, String... arguments) {
    return Command.run(folder, environment, input, commandLine(arguments));
  }

  /** The words of a command line. */
  List<String> commandLine(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(DISTRIBUTION.resolve("bin/larder").toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Variables of its processes. */
  Map<String, String> environment() {
    return environment;
  }

  /** Runs a command with {@code --json}. */
  Result json(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    return cli(all);
  }

  /** What it says about itself. */
  private JsonObject runFile() {
    try {
      return JsonParser.parseString(Files.readString(home.resolve("run/gateway.json")))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return runFile().get("pid").getAsLong();
  }

  /** Its HTTP interface. */
  Api api() {
    try {
      String token = Files.readString(home.resolve("conf/token")).strip();
      return new Api(runFile().get("url").getAsString(), token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Memory of its process without shared memory, in bytes. */
  long residentBytes() throws IOException {
    long kib = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        kib += Long.parseLong(line.replaceAll("\\D", ""));
      } else if (line.startsWith("RssShmem:")) {
        kib -= Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return kib * 1024;
  }

  /** Ends it, whatever its state, and removes all that it has left. */
  @Override
  public void close() {
    if (Files.exists(home.resolve("run/gateway.json"))) {
      Result stopped = cli("stop");
      if (stopped.status() != 0) {
        kill();
      }
    }
    Trees.delete(folder);
    Trees.delete(ram.getParent());
  }
}
