package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.ArtifactView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder show}. */
@Command(
    name = "show",
    header = "Tells all about a reference: content, replicas, history.",
    description = "")
public final class Show implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  /** The command in a session. */
  public Show(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    Query query = Query.of("/v1/artifacts").with("ref", Arguments.reference(operand));
    JsonElement document = session.gateway().get(query);
    session.print(document, ArtifactView.show(document.getAsJsonObject()));
    return 0;
  }
}
