package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Fields;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder release}. */
@Command(
    name = "release",
    header = "Ends a lease, or all leases on a reference.",
    description = {"The file stays while there is room.", ""})
public final class Release implements Action {
  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "LEASE|REF",
      description = "A lease as 'swap --json' and 'leases' give it, or NAME[:TAG].")
  private String operand = "";

  /** The command in a session. */
  public Release(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    Gateway gateway = session.gateway();
    boolean isLease =
        Fields.objects(gateway.get(Query.of("/v1/leases"))).stream()
            .anyMatch(lease -> Fields.text(lease, "id").equals(operand));
    Query query =
        isLease
            ? Query.of("/v1/leases/" + Query.encode(operand))
            : Query.of("/v1/leases").with("ref", Arguments.reference(operand));
    JsonElement document = gateway.delete(query);
    long released = Fields.whole(document.getAsJsonObject(), "released");
    if (released == 0) {
      throw new CliException("NOT_FOUND", "there is no lease on " + operand, "see 'larder leases'");
    }
    session.print(document, List.of("released " + Counts.of(released, "lease")));
    return 0;
  }
}
