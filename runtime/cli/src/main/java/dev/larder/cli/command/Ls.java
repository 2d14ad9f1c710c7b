package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.ArtifactView;
import picocli.CommandLine.Command;

/** {@code larder ls}. */
@Command(name = "ls", header = "Lists all references.", description = "")
public final class Ls implements Action {
  private final Session session;

  /** The command in a session. */
  public Ls(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonElement document = session.gateway().get(Query.of("/v1/artifacts"));
    session.print(document, ArtifactView.list(document));
    return 0;
  }
}
