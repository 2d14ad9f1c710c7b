package dev.larder.cli.command;

import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.text.Fields;
import dev.larder.cli.view.HealthView;
import picocli.CommandLine.Command;

/** {@code larder health}. */
@Command(
    name = "health",
    header = "Tells what is not as it should be.",
    description = {"Exit status 1 if something cannot be used.", ""})
public final class Health implements Action {
  private final Session session;

  /** The command in a session. */
  public Health(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject document = session.gateway().health();
    long errors =
        Fields.objects(document, "health").stream()
            .filter(finding -> Fields.text(finding, "severity").equals("ERROR"))
            .count();
    if (Fields.flag(document, "ready") && errors == 0) {
      session.print(document, HealthView.findings(document));
      return 0;
    }
    HealthView.findings(document).forEach(session::note);
    throw new CliException(
        "UNAVAILABLE",
        errors == 0
            ? "the gateway is not ready yet"
            : errors + (errors == 1 ? " thing" : " things") + " cannot be used",
        errors == 0 ? "try again in a moment" : "follow the advice of each finding",
        document);
  }
}
