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

/** {@code larder tag}. */
@Command(
    name = "tag",
    header = "Gives a second name to what a reference stands for.",
    description = "",
    footer = {"", "Example:", "  larder tag vision/detector:v7 vision/detector:stable"})
public final class Tag implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The other NAME or NAME:TAG.")
  private String alias = "";

  /** The command in a session. */
  public Tag(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", Arguments.reference(operand));
    request.addProperty("alias", Arguments.reference(alias));
    JsonElement document = session.gateway().post(Query.of("/v1/tags"), request);
    session.print(document, List.of(ArtifactView.standsFor(document.getAsJsonObject())));
    return 0;
  }
}
