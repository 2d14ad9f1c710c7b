package dev.larder.bench;

import com.google.gson.JsonElement;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a report is shown. */
final class Output {
  private final Clock clock = Clock.systemUTC();

  /** What was measured, in each form. */
  interface Report {
    /** For programs. */
    JsonElement toJson();

    /** For people. */
    List<String> lines();

    /** For pages. */
    BarChart chart();

    /** Tables of a page; where there are none, it shows the lines. */
    default List<Grid> grids() {
      return List.of();
    }

    /** What a page says below its tables. */
    default List<String> remarks() {
      return List.of();
    }
  }

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  private boolean json;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description = "Also draw it as bars into this file.")
  private @Nullable Path picture;

  @Option(
      names = "--html",
      paramLabel = "FILE.html",
      description = "Also write a page with tables and bars into this file.")
  private @Nullable Path page;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Before anything is measured: a name that cannot be written to costs no minutes. */
  void check() throws CliException {
    check("--picture", picture, ".svg");
    check("--html", page, ".html");
  }

  private static void check(String option, @Nullable Path file, String ending) throws CliException {
    if (file == null) {
      return;
    }
    if (!file.toString().endsWith(ending)) {
      throw CliException.usage(
          option + ": " + file + " is no " + ending, "name a file like bars" + ending);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(file)) {
      throw new CliException(
          "IO_ERROR", "cannot write " + file, "name a file in a folder that is there");
    }
  }

  void print(Report report) throws CliException {
    if (json) {
      System.out.println(report.toJson());
    } else {
      report.lines().forEach(System.out::println);
    }
    if (picture != null) {
      write(picture, report.chart().toSvg());
    }
    if (page != null) {
      write(page, Page.of(commandLine(), clock.instant(), report));
    }
  }

  private static void write(Path file, String content) throws CliException {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new CliException("IO_ERROR", "cannot write " + file + ": " + e.getMessage(), "");
    }
  }

  /** As it was typed, for who wants to run it again. */
  private String commandLine() {
    if (command == null) {
      return "";
    }
    CommandSpec root = command.root();
    return root.name() + " " + String.join(" ", root.commandLine().getParseResult().originalArgs());
  }
}
