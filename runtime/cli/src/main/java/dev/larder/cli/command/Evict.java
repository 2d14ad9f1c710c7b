package dev.larder.cli.command;

import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder evict}. */
@Command(
    name = "evict",
    header = "Drops an artifact, or all, from the RAM cache.",
    description = {"What is leased stays and is named; the exit status is 1 then.", ""})
public final class Evict implements Action {
  private final Session session;

  @Parameters(index = "0", arity = "0..1", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private @Nullable String operand;

  @Option(names = "--all", description = "Drop all that is not leased.")
  private boolean all;

  /** The command in a session. */
  public Evict(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    if (all == (operand != null)) {
      throw CliException.usage("what is to be evicted?", "name one reference, or use --all");
    }
    if (operand != null) {
      request.addProperty("reference", Arguments.reference(operand));
    } else {
      request.addProperty("all", true);
    }
    JsonObject document =
        session.gateway().post(Query.of("/v1/evictions"), request).getAsJsonObject();
    int evicted = Fields.texts(document, "evicted").size();
    List<String> leased = Fields.texts(document, "leased");
    if (!leased.isEmpty()) {
      throw new CliException(
          "LEASED",
          "evicted " + evicted + "; leased and kept: " + String.join(", ", leased),
          "end a lease with 'larder release'",
          document);
    }
    session.print(document, List.of("evicted " + Counts.of(evicted, "artifact")));
    return 0;
  }
}
