package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.StatsView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder stats}. */
@Command(
    name = "stats",
    header = "Figures of the whole gateway: space, ratios, RAM cache, swap times.",
    description = "",
    footer = {
      "",
      "Each call makes a mark. '--since MARK' counts hits, swaps and forces from there on."
    })
public final class Stats implements Action {
  private final Session session;

  @Option(
      names = "--since",
      paramLabel = "MARK",
      description = "Mark of an earlier call (default: since the gateway's start).")
  private @Nullable String since;

  /** The command in a session. */
  public Stats(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonElement document = session.gateway().get(Query.of("/v1/stats").with("since", since));
    session.print(document, StatsView.lines(document.getAsJsonObject()));
    return 0;
  }
}
