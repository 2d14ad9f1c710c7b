package dev.larder.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
public final class Common {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "Home of the gateway (default: $$LARDER_HOME, /var/lib/larder where the package is"
              + " installed, ./larder-home).")
  private @Nullable String home;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document on standard output and nothing else.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  /** Value of {@code --home}, if given. */
  public @Nullable String home() {
    return home;
  }

  /** Whether output is for a program. */
  public boolean json() {
    return json;
  }

  /** Whether help was asked for. */
  public boolean help() {
    return help;
  }
}
