package dev.larder.cli.command;

import dev.larder.cli.Action;
import dev.larder.cli.Session;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code larder completion}. */
@Command(
    name = "completion",
    header = "Prints a script that completes commands and options in bash and zsh.",
    description = "",
    footer = {"", "Example:", "  source <(larder completion)"})
public final class Completion implements Action {
  private final Session session;
  private final Supplier<CommandLine> all;

  /** The command in a session, with what gives a parser that knows all commands. */
  public Completion(Session session, Supplier<CommandLine> all) {
    this.session = session;
    this.all = all;
  }

  @Override
  public int run() {
    session.terminal().out().print(AutoComplete.bash("larder", all.get()));
    return 0;
  }
}
