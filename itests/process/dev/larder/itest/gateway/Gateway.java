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
public final class Gateway implements AutoCloseable {
  /** The unpacked distribution. */
  public static final Path DISTRIBUTION =
      Path.of(System.getProperty("larder.distribution")).toAbsolutePath().normalize();

  private static final Path SHM = Path.of("/dev/shm");

  public final Path folder;
  public final Path home;
  public final Path ram;
  private final Map<String, String> environment = new HashMap<>();

  public Gateway() {
    this(temporary());
  }

  /**
   * One whose home is in a folder of the caller's, which is made if it is not there and goes when
   * the gateway is closed.
   */
  public Gateway(Path folder) {
    assertThat(DISTRIBUTION.resolve("bin/larder"))
        .as("the distribution: build it with mvn -DskipTests package")
        .isExecutable();
    try {
      this.folder = Files.createDirectories(folder).toRealPath();
      home = this.folder.resolve("home");
      Path shared = Files.isWritable(SHM) ? SHM : this.folder;
      ram = Files.createTempDirectory(shared, "larder-it").resolve("ram");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    set("LARDER_HOME", home.toString());
    set("LARDER_RAM", ram.toString());
    set("LARDER_PORT", "0");
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("larder-it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets an environment variable of all its processes. */
  public Gateway set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts it and waits until it is ready. */
  public Gateway start() {
    cli("start").ok();
    return this;
  }

  /** Stops it and waits until its process has ended. */
  public void stop() {
    cli("stop").ok();
  }

  /** Stops and starts it. */
  public void restart() {
    stop();
    start();
  }

  /** Ends it as a power cut would, as far as its process is concerned. */
  public void kill() {
    ProcessHandle process = process();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends it and keeps its home, for those who want to know what went wrong. */
  public void abandon() {
    if (Files.exists(home.resolve("run/gateway.json"))) {
      ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
    Trees.delete(ram.getParent());
  }

  private ProcessHandle process() {
    return ProcessHandle.of(pid()).orElseThrow();
  }

  /** Runs a command of the command line. */
  public Result cli(String... arguments) {
    return cliWithInput(Path.of("/dev/null"), arguments);
  }

  /** Runs a command with a file as standard input. */
  public Result cliWithInput(Path input, String... arguments) {
    return Command.run(folder, environment, input, commandLine(arguments));
  }

  /** The words of a command line. */
  public List<String> commandLine(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(DISTRIBUTION.resolve("bin/larder").toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Variables of its processes. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Runs a command with {@code --json}. */
  public Result json(String... arguments) {
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

  public long pid() {
    return runFile().get("pid").getAsLong();
  }

  /** Its HTTP interface. */
  public Api api() {
    try {
      String token = Files.readString(home.resolve("conf/token")).strip();
      return new Api(runFile().get("url").getAsString(), token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Memory of its process without shared memory, in bytes. */
  public long residentBytes() throws IOException {
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
