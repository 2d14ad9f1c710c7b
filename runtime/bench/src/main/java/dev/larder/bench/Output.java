package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a report is shown. */
final class Output {

  /** What was measured, in each form. */
  interface Report {
    /** For programs. */
    JsonObject toJson();

    /** For people. */
    List<String> lines();

    /** For pages. */
    BarChart chart();
  }

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  private boolean json;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description = "Also draw it as bars into this file.")
  private @Nullable Path picture;

  /** Before anything is measured: a name that cannot be written to costs no minutes. */
  void check() throws CliException {
    if (picture == null) {
      return;
    }
    if (!picture.toString().endsWith(".svg")) {
      throw CliException.usage(
          "--picture: " + picture + " is no .svg", "name a file like bars.svg");
    }
    Path folder = picture.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(picture)) {
      throw new CliException(
          "IO_ERROR", "cannot write " + picture, "name a file in a folder that is there");
    }
  }

  void print(Report report) throws CliException {
    if (json) {
      System.out.println(report.toJson());
    } else {
      report.lines().forEach(System.out::println);
    }
    if (picture != null) {
      try {
        Files.writeString(picture, report.chart().toSvg());
      } catch (IOException e) {
        throw new CliException("IO_ERROR", "cannot write " + picture + ": " + e.getMessage(), "");
      }
    }
  }
}
