package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Entry point of the benchmark tool: {@code larder-bench COMMAND}. */
@Command(
    name = "larder-bench",
    mixinStandardHelpOptions = true,
    header = "Measures a gateway in place, with the plain tools of the machine beside it.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CacheCommand.class,
      CodecsCommand.class,
      CollectCommand.class,
      IngestCommand.class,
      LifeCommand.class,
      MediaCommand.class,
      PredictCommand.class,
      SwapCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command line and ends the process. */
  public static void main(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    CommandLine parser = new CommandLine(new Main());
    parser.setUsageHelpWidth(100).setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    parser.setParameterExceptionHandler((e, ignored) -> usage(e, err));
    parser.setExecutionExceptionHandler((e, line, parsed) -> failed(e, err));
    System.exit(arguments.length == 0 ? noCommand(err) : parser.execute(arguments));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static int noCommand(PrintStream err) {
    err.println(
        "larder-bench: a command is needed: cache, codecs, collect, ingest, life, media, predict or"
            + " swap; see 'larder-bench --help'");
    return CliException.USAGE;
  }

  private static int usage(ParameterException e, PrintStream err) {
    err.println(
        "larder-bench: "
            + e.getMessage()
            + "; see '"
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help'");
    return CliException.USAGE;
  }

  private static int failed(Exception e, PrintStream err) {
    if (e instanceof CliException known) {
      err.println("larder-bench: " + known.describe());
      return known.status();
    }
    if (System.getenv("LARDER_DEBUG") != null) {
      e.printStackTrace(err);
    }
    err.println("larder-bench: " + e + "; run it with LARDER_DEBUG=1 to see where");
    return CliException.FAILED;
  }
}
