package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.TierView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder tier}. */
@Command(name = "tier", header = "Lists, adds and removes tiers.", description = "")
public final class Tiers {
  /** {@code larder tier ls}. */
  @Command(name = "ls", header = "Lists the tiers, fastest first.", description = "")
  public static final class Ls implements Action {
    private final Session session;

    /** The command in a session. */
    public Ls(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonElement document = session.gateway().get(Query.of("/v1/tiers"));
      session.print(document, TierView.list(document));
      return 0;
    }
  }

  /** {@code larder tier add}. */
  @Command(
      name = "add",
      header = "Opens the volume at a place, or makes one, and adds it as a tier.",
      description = "",
      footer = {
        "",
        "Examples:",
        "  larder tier add card --path /media/card/larder --driver sd",
        "  larder tier add fast --path /mnt/nvme/larder --role cache --capacity 20g"
      })
  public static final class Add implements Action {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the tier.")
    private String name = "";

    @Option(
        names = "--path",
        required = true,
        paramLabel = "DIR",
        description = "Folder on the medium, or an address that the driver understands.")
    private String path = "";

    @Option(
        names = "--driver",
        paramLabel = "DRIVER",
        description = "Media driver (default: the one that recognises the medium).")
    private @Nullable String driver;

    @Option(names = "--role", paramLabel = "ROLE", description = "'storage' (default) or 'cache'.")
    private @Nullable String role;

    @Option(
        names = "--capacity",
        paramLabel = "SIZE",
        description = "Most that Larder may take, such as 20g (default: the medium's).")
    private @Nullable String capacity;

    @Option(
        names = "--option",
        paramLabel = "K=V",
        description =
            "Option for the driver; ratedWrites=SIZE is what the medium bears to be written in its"
                + " life, dailyBytes=SIZE bounds what is written in a day; placement.* for rules.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The command in a session. */
    public Add(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonObject request = new JsonObject();
      request.addProperty("name", name);
      boolean address = path.contains("://");
      request.addProperty(
          "path", address ? path : session.terminal().path(path).normalize().toString());
      if (driver != null) {
        request.addProperty("driver", driver);
      }
      String checked = Arguments.oneOf(role, "--role", "storage", "cache");
      request.addProperty("role", checked == null ? "storage" : checked);
      if (capacity != null) {
        request.addProperty("capacityBytes", Arguments.size(capacity));
      }
      JsonObject values = new JsonObject();
      options.forEach(values::addProperty);
      request.add("options", values);
      JsonElement document = session.gateway().post(Query.of("/v1/tiers"), request);
      session.print(document, List.of(TierView.added(document.getAsJsonObject())));
      return 0;
    }
  }

  /** {@code larder tier rm}. */
  @Command(
      name = "rm",
      header = "Moves what is on a tier to the others, then removes it.",
      description = {
        "Its medium keeps an empty volume. With --forget nothing is moved and nothing on the medium"
            + " is touched: for a tier that is away for good.",
        ""
      })
  public static final class Rm implements Action {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the tier.")
    private String name = "";

    @Option(
        names = "--forget",
        description = "Remove a tier that is away, with all that only it has.")
    private boolean forget;

    /** The command in a session. */
    public Rm(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      if (name.isEmpty()) {
        throw CliException.usage("the tier's name is empty", "see 'larder tier ls'");
      }
      Query query = Query.of("/v1/tiers/" + Query.encode(name));
      JsonElement document =
          session.gateway().delete(forget ? query.with("forget", "true") : query);
      session.print(document, TierView.removed(document.getAsJsonObject(), forget));
      return 0;
    }
  }
}
