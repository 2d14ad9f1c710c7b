package dev.larder.cli;

import com.google.gson.JsonObject;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the command line: {@code larder COMMAND}. */
public final class Main {
  private final Session session;

  private Main(Session session) {
    this.session = session;
  }

  /** Runs a command line and ends the process. */
  public static void main(String[] arguments) {
    FileOutputStream rawOut = new FileOutputStream(FileDescriptor.out);
    Terminal terminal =
        new Terminal(
            new FileInputStream(FileDescriptor.in),
            rawOut,
            new PrintStream(rawOut, false, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            isTerminal(),
            System.getenv(),
            Path.of("").toAbsolutePath());
    System.exit(run(new Session(terminal, System::nanoTime), arguments));
  }

  private static boolean isTerminal() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a command line in a session and gives its exit status. */
  static int run(Session session, String... arguments) {
    int status = new Main(session).execute(arguments);
    session.terminal().out().flush();
    if (session.terminal().out().checkError() && status == 0) {
      session.terminal().err().println("larder: cannot write standard output");
      return CliException.FAILED;
    }
    return status;
  }

  private int execute(String... given) {
    String[] arguments = withoutHelpCommand(given);
    boolean json = Arrays.asList(arguments).contains("--json");
    CommandLine parser = Commands.parser(session, arguments);
    parser.setUsageHelpAutoWidth(false).setUsageHelpWidth(100).setAbbreviatedOptionsAllowed(false);
    try {
      return invoke(parser.parseArgs(arguments));
    } catch (ParameterException e) {
      return fail(CliException.usage(message(e), "see '" + help(e) + "'"), json);
    } catch (CliException e) {
      return fail(e, json);
    } catch (RuntimeException e) {
      return fail(defect(e), json);
    }
  }

  /** {@code larder help put} is {@code larder put --help}. */
  private static String[] withoutHelpCommand(String... given) {
    if (given.length == 0 || !given[0].equals("help")) {
      return given;
    }
    String[] arguments = Arrays.copyOfRange(given, 1, given.length + 1);
    arguments[given.length - 1] = "--help";
    return arguments;
  }

  private int invoke(ParseResult parsed) throws CliException {
    List<CommandLine> chain = parsed.asCommandLineList();
    CommandLine last = chain.get(chain.size() - 1);
    if (session.common().help()) {
      last.usage(session.terminal().out(), plain());
      return 0;
    }
    Object command = last.getCommand();
    if (command instanceof Action action) {
      return action.run();
    }
    if (command instanceof Root root && root.version()) {
      return printVersion();
    }
    throw CliException.usage(
        last.getCommandSpec().qualifiedName() + " needs a command",
        "use one of: " + String.join(", ", last.getSubcommands().keySet()));
  }

  private int printVersion() {
    String version = Version.read();
    JsonObject document = new JsonObject();
    document.addProperty("version", version);
    session.print(document, List.of("larder " + version));
    return 0;
  }

  private int fail(CliException e, boolean json) {
    if (json) {
      session.terminal().out().println(e.toJson());
    }
    session.terminal().err().println("larder: " + e.describe());
    return e.status();
  }

  private CliException defect(RuntimeException e) {
    if (session.terminal().variable("LARDER_DEBUG") != null) {
      e.printStackTrace(session.terminal().err());
    }
    return new CliException(
        "INTERNAL",
        "this is a defect in the command line: " + e,
        "run it with LARDER_DEBUG=1 and report what it prints");
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      boolean option = first.startsWith("-") && first.length() > 1;
      boolean root = e.getCommandLine().getParent() == null;
      return option
          ? "unknown option '" + first + "'"
          : (root || !e.getCommandLine().getSubcommands().isEmpty()
                  ? "unknown command '"
                  : "there is one argument too many: '")
              + first
              + "'";
    }
    String text = String.valueOf(e.getMessage());
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static String help(ParameterException e) {
    return e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
  }

  private static CommandLine.Help.ColorScheme plain() {
    return CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF);
  }
}
