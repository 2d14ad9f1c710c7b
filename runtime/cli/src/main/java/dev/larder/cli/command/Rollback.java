package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.ArtifactView;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder rollback}. */
@Command(
    name = "rollback",
    header = "Sets a reference back to the content that it had before.",
    description = "")
public final class Rollback implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  /** The command in a session. */
  public Rollback(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", Arguments.reference(operand));
    JsonElement document = session.gateway().post(Query.of("/v1/rollbacks"), request);
    session.print(document, List.of(ArtifactView.standsFor(document.getAsJsonObject())));
    return 0;
  }
}
