package dev.larder.bench;

import dev.larder.cli.CliException;
import dev.larder.cli.text.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a benchmark has its files and its gateway. */
final class Workplace {

  private static final long LEAST_MODEL = 1 << 20;
  private static final int MOST_RUNS = 1000;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder on the medium to measure (default: the folder for temporary files).")
  private @Nullable String directory;

  /** A new folder with at least so many bytes free; the caller deletes it. */
  Path folder(long needed) throws CliException, IOException {
    String parent = directory == null ? System.getProperty("java.io.tmpdir") : directory;
    return folder(Path.of(parent).toAbsolutePath(), needed);
  }

  /** The same below another folder. */
  static Path folder(Path parent, long needed) throws CliException, IOException {
    if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new CliException(
          "IO_ERROR",
          parent + " is no folder that can be written to",
          "make it, or take another folder");
    }
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < needed) {
      throw new CliException(
          "TIER_FULL",
          parent + " has " + Sizes.format(free) + " free of " + Sizes.format(needed),
          "measure less, or take another folder");
    }
    return Files.createTempDirectory(parent, "larder-bench");
  }

  /** The same on tmpfs. */
  static Path tmpfs(long needed) throws CliException, IOException {
    if (!Files.isDirectory(TemporaryGateway.SHM)) {
      throw new CliException(
          "IO_ERROR", "there is no tmpfs at " + TemporaryGateway.SHM, "mount one");
    }
    return folder(TemporaryGateway.SHM, needed);
  }

  /** A gateway of the benchmark's own with its home in a folder. */
  static TemporaryGateway gateway(Path folder, long ramBytes) throws CliException, IOException {
    String distribution = System.getenv("LARDER_DISTRIBUTION");
    if (distribution == null) {
      throw new CliException(
          "NOT_FOUND", "$LARDER_DISTRIBUTION is not set", "use bin/larder-bench of a distribution");
    }
    return TemporaryGateway.start(Path.of(distribution), folder, ramBytes);
  }

  /** The size of a model that is swapped so often, both as options give them. */
  static long model(String size, int runs) throws CliException {
    long bytes = bytes("--size", size);
    if (bytes < LEAST_MODEL) {
      throw CliException.usage("--size must be 1m or more", "");
    }
    if (runs < 1 || runs > MOST_RUNS) {
      throw CliException.usage("--runs must be between 1 and " + MOST_RUNS, "");
    }
    return bytes;
  }

  /** The number of bytes that an option gives. */
  static long bytes(String option, String value) throws CliException {
    try {
      return Sizes.parse(value);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(option + ": " + e.getMessage(), "");
    }
  }
}
