package dev.larder.http.resources;

import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyManager;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.JsonBody;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Which policies decide: {@code /v1/policies}. */
public final class PoliciesResource {

  /** A policy. */
  public record PolicyView(String service, String name, String bundle, boolean active) {
    static PolicyView of(PolicyInfo policy) {
      return new PolicyView(
          policy.service().name().toLowerCase(Locale.ROOT),
          policy.name(),
          policy.bundle(),
          policy.active());
    }
  }

  private final Services services;

  /** The resource over these services. */
  public PoliciesResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/policies", "List policies", this::list),
        Route.of("GET", "/v1/policies/{service}", "List those of one service", this::listOne),
        Route.of(
            "PUT",
            "/v1/policies/{service}",
            "Let a policy decide: name; or with dryRun tell what it would have reached",
            this::use));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.sendAll(200, services.policyManager().policies().stream().map(PolicyView::of));
  }

  private void listOne(Exchange exchange) throws IOException {
    PolicyInfo.Service service = service(exchange);
    exchange.sendAll(
        200,
        services.policyManager().policies().stream()
            .filter(policy -> policy.service() == service)
            .map(PolicyView::of));
  }

  private void use(Exchange exchange) throws IOException {
    PolicyInfo.Service service = service(exchange);
    JsonBody request = exchange.json();
    String name = request.need("name");
    boolean dryRun = request.flag("dryRun");
    PolicyManager manager = services.policyManager();
    boolean known =
        manager.policies().stream()
            .anyMatch(policy -> policy.service() == service && policy.name().equals(name));
    if (!known) {
      throw LarderException.notFound(
          "no " + exchange.segment("service") + " policy is named '" + name + "'",
          "see 'larder policy ls'");
    }
    if (dryRun) {
      exchange.sendAll(200, manager.dryRun(name).stream());
    } else {
      exchange.send(200, PolicyView.of(manager.use(name)));
    }
  }

  private static PolicyInfo.Service service(Exchange exchange) throws LarderException {
    return switch (exchange.segment("service")) {
      case "cache" -> PolicyInfo.Service.CACHE;
      case "placement" -> PolicyInfo.Service.PLACEMENT;
      case "prediction" -> PolicyInfo.Service.PREDICTION;
      case "codec" -> PolicyInfo.Service.CODEC;
      default ->
          throw LarderException.notFound(
              "there are no policies of that service", "use cache, placement, prediction or codec");
    };
  }
}
