package dev.larder.cli;

import com.google.gson.JsonElement;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One run of the command line: its surroundings, the common options and the gateway. */
public final class Session {
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final Common common = new Common();
  private @Nullable Gateway gateway;

  /**
   * A run.
   *
   * @param terminal its surroundings
   * @param nanoTime monotonic clock
   */
  public Session(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** Surroundings. */
  public Terminal terminal() {
    return terminal;
  }

  /** Options that every command takes. */
  public Common common() {
    return common;
  }

  /** Monotonic time in nanoseconds. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** The home that is meant. */
  public Home home() {
    return Home.find(common.home(), terminal.environment());
  }

  /** The gateway that runs for the home. */
  public Gateway gateway() throws CliException {
    if (gateway == null) {
      gateway = Gateway.of(home());
    }
    return gateway;
  }

  /** Prints the result: the document for a program, the lines for a person. */
  public void print(JsonElement document, List<String> lines) {
    if (common.json()) {
      terminal.out().println(document);
    } else {
      lines.forEach(terminal.out()::println);
    }
  }

  /** Tells a person something that is not the result. */
  public void note(String line) {
    if (!common.json()) {
      terminal.err().println(line);
    }
  }
}
