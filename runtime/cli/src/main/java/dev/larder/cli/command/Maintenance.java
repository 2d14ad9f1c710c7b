package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Fields;
import dev.larder.cli.view.MaintenanceView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Work that keeps the store in order. */
public final class Maintenance {
  private Maintenance() {}

  private static JsonObject work(Session session, Query query) throws CliException {
    return session.gateway().post(query, new JsonObject()).getAsJsonObject();
  }

  /** {@code larder gc}. */
  @Command(
      name = "gc",
      header = "Frees what no reference, history entry, lease or reader needs, on all tiers.",
      description = "")
  public static final class Gc implements Action {
    private final Session session;

    /** The command in a session. */
    public Gc(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonObject document = work(session, Query.of("/v1/maintenance/gc"));
      session.print(document, MaintenanceView.gc(document));
      return 0;
    }
  }

  /** {@code larder scrub}. */
  @Command(
      name = "scrub",
      header = "Reads every block and checks its SHA-256; repairs from other replicas what it can.",
      description = {"Exit status 1 if a bad block stays.", ""})
  public static final class Scrub implements Action {
    private final Session session;

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "TIER",
        description = "Only this tier (default: all).")
    private @Nullable String tier;

    /** The command in a session. */
    public Scrub(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonObject document = work(session, Query.of("/v1/maintenance/scrub").with("tier", tier));
      long left = Fields.whole(document, "bad") - Fields.whole(document, "repaired");
      if (left > 0) {
        MaintenanceView.scrub(document).forEach(session::note);
        throw new CliException(
            "CORRUPT",
            left + (left == 1 ? " block is" : " blocks are") + " damaged and could not be repaired",
            "put the artifacts that it names again",
            document);
      }
      session.print(document, MaintenanceView.scrub(document));
      return 0;
    }
  }

  /** {@code larder repair}. */
  @Command(
      name = "repair",
      header = "Makes whole from other replicas what is known to be damaged.",
      description = {
        "Reads, scrubs and the opening of a tier find damage; 'larder scrub' looks for it"
            + " everywhere. Exit status 1 if an artifact stays damaged.",
        ""
      })
  public static final class Repair implements Action {
    private final Session session;

    @Option(
        names = "--purge",
        description =
            "Also give up the packs that are kept aside because damage was found in them.")
    private boolean purge;

    /** The command in a session. */
    public Repair(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      Query query = Query.of("/v1/maintenance/repair").with("purge", purge ? "true" : null);
      JsonObject document = work(session, query);
      long left = Fields.whole(document, "damaged") - Fields.whole(document, "repaired");
      if (left > 0) {
        MaintenanceView.repair(document).forEach(session::note);
        throw new CliException(
            "CORRUPT",
            Counts.of(left, "artifact") + (left == 1 ? " stays" : " stay") + " damaged",
            "put what it names again",
            document);
      }
      session.print(document, MaintenanceView.repair(document));
      return 0;
    }
  }

  /** {@code larder rebalance}. */
  @Command(
      name = "rebalance",
      header = "Moves what is hot to faster tiers, and what is cold off those that fill up.",
      description = {
        "The gateway does so by itself, now and then and when it has to; this does it now. What was"
            + " moved lately stays, and no tier is written more than its budget allows.",
        ""
      })
  public static final class Rebalance implements Action {
    private final Session session;

    /** The command in a session. */
    public Rebalance(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonObject document = work(session, Query.of("/v1/maintenance/rebalance"));
      session.print(document, MaintenanceView.rebalance(document));
      return 0;
    }
  }

  /** {@code larder rebuild-catalog}. */
  @Command(
      name = "rebuild-catalog",
      header = "Throws the catalog away and builds it anew from the volumes.",
      description = "")
  public static final class RebuildCatalog implements Action {
    private final Session session;

    /** The command in a session. */
    public RebuildCatalog(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      JsonObject document = work(session, Query.of("/v1/maintenance/rebuild-catalog"));
      session.print(
          document,
          List.of(
              "catalog rebuilt, " + Counts.of(Fields.whole(document, "artifacts"), "artifact")));
      return 0;
    }
  }

  /** {@code larder wait}. */
  @Command(name = "wait", header = "Waits for something.", description = "")
  public static final class Wait {}

  /** {@code larder wait idle}. */
  @Command(name = "idle", header = "Waits until no background work is left.", description = "")
  public static final class WaitIdle implements Action {
    private final Session session;

    @Option(
        names = "--timeout",
        paramLabel = "DURATION",
        description = "How long to wait at most (default: 10m).")
    private @Nullable String timeout;

    /** The command in a session. */
    public WaitIdle(Session session) {
      this.session = session;
    }

    @Override
    public int run() throws CliException {
      long millis = Arguments.duration(timeout, Duration.ofMinutes(10)).toMillis();
      JsonElement document =
          work(
              session,
              Query.of("/v1/maintenance/wait-idle").with("timeoutMillis", Long.toString(millis)));
      if (!Fields.flag(document.getAsJsonObject(), "idle")) {
        throw new CliException(
            "UNAVAILABLE",
            "background work is still going on after " + millis + " ms",
            "wait longer with --timeout",
            document.getAsJsonObject());
      }
      session.print(document, List.of("idle"));
      return 0;
    }
  }
}
