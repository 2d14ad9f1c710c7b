package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.CacheView;
import picocli.CommandLine.Command;

/** {@code larder leases}. */
@Command(name = "leases", header = "Lists what is leased in the RAM cache.", description = "")
public final class Leases implements Action {
  private final Session session;

  /** The command in a session. */
  public Leases(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonElement document = session.gateway().get(Query.of("/v1/leases"));
    session.print(document, CacheView.leases(document));
    return 0;
  }
}
