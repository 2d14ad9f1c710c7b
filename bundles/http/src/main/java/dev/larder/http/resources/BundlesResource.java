package dev.larder.http.resources;

import dev.larder.http.core.Exchange;
import dev.larder.http.core.Route;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is installed: {@code /v1/bundles}. */
public final class BundlesResource {

  /** A bundle; no signer if it is not signed by one that is trusted. */
  public record BundleView(
      String symbolicName, String version, String state, @Nullable String signer) {}

  private final Supplier<List<BundleView>> bundles;

  /** The resource over the framework's bundles as they are when asked. */
  public BundlesResource(Supplier<List<BundleView>> bundles) {
    this.bundles = bundles;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(Route.of("GET", "/v1/bundles", "List bundles", this::list));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.sendAll(200, bundles.get().stream());
  }
}
