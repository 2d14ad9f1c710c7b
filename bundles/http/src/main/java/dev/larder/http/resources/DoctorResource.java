package dev.larder.http.resources;

import dev.larder.http.core.Exchange;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.util.List;

/** Advice on the machine: {@code /v1/doctor}. */
public final class DoctorResource {

  private final Services services;

  /** The resource over these services. */
  public DoctorResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/doctor", "What could be better about the machine", this::get));
  }

  private void get(Exchange exchange) throws IOException {
    exchange.sendAll(200, services.doctor().examine().stream());
  }
}
