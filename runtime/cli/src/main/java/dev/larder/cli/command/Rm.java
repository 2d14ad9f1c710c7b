package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder rm}. */
@Command(
    name = "rm",
    header = "Deletes a reference with its history.",
    description = {"Its space comes back with 'larder gc'.", ""})
public final class Rm implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  /** The command in a session. */
  public Rm(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    String reference = Arguments.reference(operand);
    JsonElement document =
        session.gateway().delete(Query.of("/v1/artifacts").with("ref", reference));
    session.print(document, List.of("deleted " + reference));
    return 0;
  }
}
