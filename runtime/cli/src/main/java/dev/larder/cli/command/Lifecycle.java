package dev.larder.cli.command;

import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starting and stopping is done by {@code bin/larder} itself, which comes here only for help and
 * for options that it does not know.
 */
public final class Lifecycle {
  private Lifecycle() {}

  private static CliException notHere() {
    return new CliException(
        "INVALID_ARGUMENT",
        "the gateway is started and stopped by bin/larder of a distribution",
        "run 'bin/larder start' or 'bin/larder stop' there");
  }

  /** {@code larder start}. */
  @Command(
      name = "start",
      header = "Starts the home's gateway.",
      description = {
        "Returns when it is ready: every tier is open, recovering or reported absent. Fine when it runs already.",
        ""
      })
  @SuppressWarnings("UnusedVariable") // the options are here for the help; the script reads them
  public static final class Start implements Action {
    @Option(names = "--foreground", description = "Stay in the foreground until it ends.")
    private boolean foreground;

    @Option(names = "--dev", description = "Install what is dropped into the home's deploy folder.")
    private boolean dev;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "Port on loopback (default: $$LARDER_PORT, 7420); 0 for any free one.")
    private int port;

    @Override
    public int run() throws CliException {
      throw notHere();
    }
  }

  /** {@code larder stop}. */
  @Command(
      name = "stop",
      header = "Stops the home's gateway and returns when its process has ended.",
      description = "")
  public static final class Stop implements Action {
    @Override
    public int run() throws CliException {
      throw notHere();
    }
  }
}
