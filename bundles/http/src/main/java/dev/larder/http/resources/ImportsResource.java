package dev.larder.http.resources;

import dev.larder.api.ImportReport;
import dev.larder.api.Reference;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Json;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** Volumes of other gateways: {@code /v1/imports}. */
public final class ImportsResource {

  /** A reference that came under another name. */
  public record RenamedView(String from, String to) {}

  /** What an import did. */
  public record Imported(
      String tier,
      String volume,
      String gateway,
      long artifacts,
      long bytes,
      long blocks,
      List<String> references,
      List<RenamedView> renamed,
      long unchanged,
      List<String> elsewhere,
      BigDecimal millis) {

    static Imported of(ImportReport report) {
      return new Imported(
          report.tier(),
          report.volume().toString(),
          report.gateway().toString(),
          report.artifacts(),
          report.bytes(),
          report.blocks(),
          report.references().stream().map(Reference::toString).toList(),
          report.renamed().stream()
              .map(one -> new RenamedView(one.from().toString(), one.to().toString()))
              .toList(),
          report.unchanged(),
          report.elsewhere().stream().map(Reference::toString).toList(),
          Json.millis(report.nanos()));
    }
  }

  private final Services services;

  /** The resource over these services. */
  public ImportsResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/imports", "Import another gateway's volume: tier", this::run));
  }

  private void run(Exchange exchange) throws IOException {
    String tier = exchange.json().need("tier");
    exchange.send(200, Imported.of(services.tierManager().importVolume(tier)));
  }
}
