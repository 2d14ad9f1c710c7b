package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Fields;
import dev.larder.cli.view.PluginView;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder policy}. */
@Command(name = "policy", header = "Shows and changes which policies decide.", description = "")
public final class Policies {
  /** {@code larder policy ls}. */
  @Command(
      name = "ls",
      header = "Lists cache policies, placement rules, predictors and codec rules.",
      description = "")
  public static final class Ls implements Action {
    private final Session session;

    /** The command in a session. */
    public Ls(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonElement document = session.gateway().get(Query.of("/v1/policies"));
      session.print(document, PluginView.policies(document));
      return 0;
    }
  }

  /** {@code larder policy use}. */
  @Command(
      name = "use",
      header = "Lets another policy decide, from now on and after a restart.",
      description = {
        "Nothing is evicted and no request fails. With --dry-run nothing changes: it tells what a"
            + " cache policy would have reached on the accesses of late.",
        ""
      })
  public static final class Use implements Action {
    private final Session session;

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        description = "Policy, rule or predictor, as 'larder policy ls' names it.")
    private String name = "";

    @Option(names = "--dry-run", description = "Only tell what it would have reached.")
    private boolean dryRun;

    /** The command in a session. */
    public Use(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      Gateway gateway = session.gateway();
      List<JsonObject> policies = Fields.objects(gateway.get(Query.of("/v1/policies")));
      JsonObject chosen =
          policies.stream()
              .filter(policy -> Fields.text(policy, "name").equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(policies));
      String service = Fields.text(chosen, "service").toLowerCase(Locale.ROOT);
      JsonObject request = new JsonObject();
      request.addProperty("name", name);
      if (dryRun) {
        request.addProperty("dryRun", true);
      }
      JsonElement document =
          gateway.put(Query.of("/v1/policies/" + Query.encode(service)), request);
      session.print(
          document,
          dryRun
              ? PluginView.trials(document)
              : List.of(service + ": " + name + " decides from now on"));
      return 0;
    }

    private CliException unknown(List<JsonObject> policies) {
      List<String> names = policies.stream().map(p -> Fields.text(p, "name")).toList();
      return new CliException(
          "NOT_FOUND",
          "there is no policy '" + name + "'",
          "use one of: " + String.join(", ", names));
    }
  }
}
