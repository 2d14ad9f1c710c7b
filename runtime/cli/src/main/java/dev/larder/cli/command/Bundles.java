package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.PluginView;
import picocli.CommandLine.Command;

/** {@code larder bundle}. */
@Command(
    name = "bundle",
    header = "Shows the bundles that the gateway consists of.",
    description = "")
public final class Bundles {
  /** {@code larder bundle ls}. */
  @Command(name = "ls", header = "Lists the bundles.", description = "")
  public static final class Ls implements Action {
    private final Session session;

    /** The command in a session. */
    public Ls(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonElement document = session.gateway().get(Query.of("/v1/bundles"));
      session.print(document, PluginView.bundles(document));
      return 0;
    }
  }
}
