package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
final class Tool {
  private static final File NOTHING = new File("/dev/null");

  private Tool() {}

  /** Runs a program that has to work. */
  static void run(Map<String, String> environment, List<String> command) throws CliException {
    run(environment, command, NOTHING);
  }

  /** The same; what it prints goes into a file. */
  static void run(Map<String, String> environment, List<String> command, File output)
      throws CliException {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(NOTHING)
              .redirectOutput(output)
              .redirectError(ProcessBuilder.Redirect.PIPE);
      builder.environment().putAll(environment);
      Process process = builder.start();
      String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.HOURS) || process.exitValue() != 0) {
        throw new CliException(
            "IO_ERROR", String.join(" ", command) + " failed: " + error.strip(), "");
      }
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR", "cannot run " + command.get(0) + ": " + e.getMessage(), "is it installed?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("UNAVAILABLE", "interrupted", "");
    }
  }

  /** Runs a program that has to work; returns what it prints, which is little. */
  static String output(String... command) throws CliException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(NOTHING)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new CliException("IO_ERROR", String.join(" ", command) + " failed", "");
      }
      return output;
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR", "cannot run " + command[0] + ": " + e.getMessage(), "is it installed?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("UNAVAILABLE", "interrupted", "");
    }
  }

  /** Bytes that the file system has allocated for folders. */
  static long allocated(Path... folders) throws CliException {
    long bytes = 0;
    for (Path folder : folders) {
      String line = output("du", "-s", "--block-size=1", folder.toString());
      bytes += Long.parseLong(line.substring(0, line.indexOf('\t')));
    }
    return bytes;
  }

  /** Whether a program is in one of the folders of a search path. */
  static boolean isFound(String program, String searchPath) {
    return Arrays.stream(searchPath.split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Runs a program and tells whether it worked. */
  static boolean works(String... command) {
    try {
      run(Map.of(), List.of(command));
      return true;
    } catch (CliException e) {
      return false;
    }
  }
}
