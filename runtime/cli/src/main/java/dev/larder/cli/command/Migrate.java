package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.ArtifactView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder migrate}. */
@Command(
    name = "migrate",
    header = "Copies an artifact's home to another storage tier, then drops the old one.",
    description = "")
public final class Migrate implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  @Parameters(index = "1", paramLabel = "TIER", description = "Name of the other tier.")
  private String tier = "";

  /** The command in a session. */
  public Migrate(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", Arguments.reference(operand));
    request.addProperty("tier", tier);
    JsonElement document = session.gateway().post(Query.of("/v1/migrations"), request);
    session.print(document, ArtifactView.show(document.getAsJsonObject()));
    return 0;
  }
}
