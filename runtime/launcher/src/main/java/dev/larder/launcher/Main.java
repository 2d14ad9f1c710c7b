package dev.larder.launcher;

import dev.larder.launcher.log.Logs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;

/**
 * The process of a gateway. Exit status 0: stopped in order; 1: could not start, with one line on
 * standard error.
 */
public final class Main {
  private Main() {}

  /**
   * Runs a gateway until it is stopped.
   *
   * @param arguments see {@link Options}
   */
  public static void main(String[] arguments) {
    PrintStream console = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), console));
  }

  private static int run(List<String> arguments, PrintStream console) {
    try {
      Options options = Options.parse(arguments);
      try (Home home = Home.open(options.home())) {
        home.wipe();
        System.setProperty("java.io.tmpdir", home.temporary().toString());
        Logger log = openLog(options, home, console);
        try {
          new Launcher(options, home, log, console).run();
        } catch (LaunchException e) {
          log.error("{}", e.getMessage(), e.getCause());
          throw e;
        } finally {
          Logs.close();
        }
      }
      return 0;
    } catch (LaunchException e) {
      console.println("larder: " + e.getMessage());
    } catch (IOException e) {
      console.println("larder: " + Reasons.of(e));
    } catch (InterruptedException e) {
      console.println("larder: interrupted");
    }
    return 1;
  }

  private static Logger openLog(Options options, Home home, PrintStream console)
      throws LaunchException {
    try {
      return Logs.open(home.logFile(), options.foreground() ? console : null, !options.shell());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot write the log " + home.logFile() + " (" + Reasons.of(e) + ")", e);
    }
  }
}
