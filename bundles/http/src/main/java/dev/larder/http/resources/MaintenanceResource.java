package dev.larder.http.resources;

import dev.larder.api.LarderException;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Work that keeps the store in order: {@code /v1/maintenance/…}. Each answers when it is done. */
public final class MaintenanceResource {

  private static final Pattern MILLIS = Pattern.compile("\\d{1,11}");
  private static final String TEN_MINUTES = "600000";

  /** How many artifacts the new catalog has. */
  public record Rebuilt(long artifacts) {}

  /** Whether no work is left. */
  public record Idle(boolean idle) {}

  private final Services services;

  /** The resource over these services. */
  public MaintenanceResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/maintenance/gc", "Collect what nothing needs", this::collect),
        Route.of("POST", "/v1/maintenance/scrub", "Check every block: tier=", this::scrub),
        Route.of(
            "POST",
            "/v1/maintenance/repair",
            "Repair from other replicas what is known to be damaged: purge=true|false",
            this::repair),
        Route.of(
            "POST",
            "/v1/maintenance/rebalance",
            "Move what is hot to faster tiers, and what is cold off those that fill up",
            this::rebalance),
        Route.of(
            "POST",
            "/v1/maintenance/rebuild-catalog",
            "Build the catalog anew from the volumes",
            this::rebuildCatalog),
        Route.of(
            "POST",
            "/v1/maintenance/wait-idle",
            "Wait until no work is left: timeoutMillis=",
            this::awaitIdle));
  }

  private void collect(Exchange exchange) throws IOException {
    exchange.send(200, services.maintenance().collect());
  }

  private void scrub(Exchange exchange) throws IOException {
    exchange.send(200, services.maintenance().scrub(exchange.query("tier")));
  }

  private void repair(Exchange exchange) throws IOException {
    String purge = exchange.query("purge").orElse("false");
    if (!purge.equals("true") && !purge.equals("false")) {
      throw LarderException.invalid("purge is 'true' or 'false', not '" + purge + "'");
    }
    exchange.send(200, services.maintenance().repair(purge.equals("true")));
  }

  private void rebalance(Exchange exchange) throws IOException {
    exchange.send(200, services.maintenance().rebalance());
  }

  private void rebuildCatalog(Exchange exchange) throws IOException {
    exchange.send(200, new Rebuilt(services.maintenance().rebuildCatalog()));
  }

  private void awaitIdle(Exchange exchange) throws IOException, InterruptedException {
    String millis = exchange.query("timeoutMillis").orElse(TEN_MINUTES);
    if (!MILLIS.matcher(millis).matches()) {
      throw LarderException.invalid("timeoutMillis is not a number of milliseconds");
    }
    Duration timeout = Duration.ofMillis(Long.parseLong(millis));
    exchange.send(200, new Idle(services.maintenance().awaitIdle(timeout)));
  }
}
