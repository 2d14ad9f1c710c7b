package dev.larder.http.resources;

import dev.larder.http.core.Exchange;
import dev.larder.http.core.Route;
import dev.larder.http.metrics.Exposition;
import java.io.IOException;
import java.util.List;

/** Figures for Prometheus: {@code /metrics}. */
public final class MetricsResource {

  private final Exposition exposition;

  /** The resource. */
  public MetricsResource(Exposition exposition) {
    this.exposition = exposition;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(Route.of("GET", "/metrics", "Figures in Prometheus' text format", this::get));
  }

  private void get(Exchange exchange) throws IOException {
    exchange.sendText(200, Exposition.TYPE, exposition.text());
  }
}
