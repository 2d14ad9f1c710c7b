package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs processes to their end, with an upper bound of time. */
public final class Command {
  private static final long MINUTES = Boolean.getBoolean("larder.long") ? 10 : 2;

  private Command() {}

  /** Runs a command and keeps what it prints. */
  public static Result run(Path directory, Map<String, String> environment, List<String> command) {
    return run(directory, environment, Path.of("/dev/null"), command);
  }

  /** The same, with a file as standard input. */
  public static Result run(
      Path directory, Map<String, String> environment, Path input, List<String> command) {
    try {
      Path out = Files.createTempFile("larder-it", ".out");
      Path err = Files.createTempFile("larder-it", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(input.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end within " + MINUTES + " minutes");
      }
      return new Result(command, process.exitValue(), take(out), take(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  /** Runs a tool of the machine that has to work. */
  public static void tool(String... command) {
    Result result = run(Path.of("/"), Map.of(), List.of(command));
    assertThat(result.status()).as("%s: %s", List.of(command), result.err()).isZero();
  }

  /** Whether a tool of the machine works here. */
  public static boolean works(String... command) {
    try {
      return run(Path.of("/"), Map.of(), List.of(command)).status() == 0;
    } catch (UncheckedIOException e) {
      return false; // not installed
    }
  }

  private static String take(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }
}
