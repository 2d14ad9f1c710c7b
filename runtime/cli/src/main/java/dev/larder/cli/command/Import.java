package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.TierView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder import}. */
@Command(
    name = "import",
    header = "Takes over the volume of another gateway: artifacts, references and their history.",
    description = {
      "Checks the SHA-256 of all that is on it first. A reference that stands for something else here"
          + " becomes NAME:TAG.from-XXXXXXXX, after the gateway that set it.",
      ""
    })
public final class Import implements Action {
  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "TIER",
      description = "Name of the tier, as 'larder tier ls' shows it in state foreign.")
  private String tier = "";

  /** The command in a session. */
  public Import(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("tier", tier);
    JsonElement document = session.gateway().post(Query.of("/v1/imports"), request);
    session.print(document, TierView.imported(document.getAsJsonObject()));
    return 0;
  }
}
