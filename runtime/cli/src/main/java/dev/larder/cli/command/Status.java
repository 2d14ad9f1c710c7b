package dev.larder.cli.command;

import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.text.Fields;
import dev.larder.cli.view.HealthView;
import picocli.CommandLine.Command;

/** {@code larder status}. */
@Command(
    name = "status",
    header = "Tells whether the gateway runs and how it is.",
    description = {"Exit status 1 if none runs for the home, or it is not ready.", ""})
public final class Status implements Action {
  private final Session session;

  /** The command in a session. */
  public Status(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject document = session.gateway().health();
    if (!Fields.flag(document, "ready")) {
      throw new CliException(
          "UNAVAILABLE", "the gateway is not ready yet", "try again in a moment", document);
    }
    session.print(document, HealthView.status(document, session.home().folder()));
    return 0;
  }
}
