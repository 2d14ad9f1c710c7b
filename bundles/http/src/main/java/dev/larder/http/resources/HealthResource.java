package dev.larder.http.resources;

import dev.larder.api.HealthFinding;
import dev.larder.api.HealthService;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Json;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether the gateway is well: {@code /health}, {@code /v1/status} and a plain page at {@code /}.
 */
public final class HealthResource {

  /** What is not as it should be. */
  public record FindingView(String severity, String subject, String finding, String advice) {
    static FindingView of(HealthFinding finding) {
      return new FindingView(
          finding.severity().name(), finding.subject(), finding.finding(), finding.advice());
    }
  }

  /** The gateway's state. */
  public record Status(
      boolean ready,
      BigDecimal uptimeMillis,
      String version,
      String url,
      long pid,
      List<FindingView> health) {

    boolean well() {
      return ready
          && health.stream()
              .noneMatch(f -> f.severity().equals(HealthFinding.Severity.ERROR.name()));
    }
  }

  private final Services services;
  private final String version;
  private final LongSupplier uptimeNanos;

  /**
   * The resource.
   *
   * @param version of the gateway
   * @param uptimeNanos how long it runs
   */
  public HealthResource(Services services, String version, LongSupplier uptimeNanos) {
    this.services = services;
    this.version = version;
    this.uptimeNanos = uptimeNanos;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/health", "200 if ready and well, else 503", this::health),
        Route.of("GET", "/v1/status", "The same, always 200", this::status),
        Route.open("GET", "/", "A page for people", this::page));
  }

  private Status status(HttpServletRequest request) {
    Optional<HealthService> health = services.health();
    return new Status(
        health.map(HealthService::ready).orElse(false),
        Json.millis(uptimeNanos.getAsLong()),
        version,
        url(request),
        ProcessHandle.current().pid(),
        health.map(h -> h.findings().stream().map(FindingView::of).toList()).orElse(List.of()));
  }

  private static String url(HttpServletRequest request) {
    String address = request.getLocalAddr();
    boolean bare = address.contains(":") && !address.startsWith("[");
    return request.getScheme()
        + "://"
        + (bare ? "[" + address + "]" : address)
        + ":"
        + request.getLocalPort();
  }

  private void health(Exchange exchange) throws IOException {
    Status status = status(exchange.request());
    exchange.send(status.well() ? 200 : 503, status);
  }

  private void status(Exchange exchange) throws IOException {
    exchange.send(200, status(exchange.request()));
  }

  private void page(Exchange exchange) throws IOException {
    Status status = status(exchange.request());
    StringBuilder rows = new StringBuilder();
    for (FindingView finding : status.health()) {
      rows.append("<tr><td>")
          .append(escape(finding.severity()))
          .append("</td><td>")
          .append(escape(finding.subject()))
          .append("</td><td>")
          .append(escape(finding.finding()))
          .append("</td><td>")
          .append(escape(finding.advice()))
          .append("</td></tr>");
    }
    exchange
        .response()
        .setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    exchange.sendText(
        200,
        "text/html",
        """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Larder</title>
        <meta http-equiv="refresh" content="5">
        <style>body{font-family:sans-serif;margin:3em}td{padding:.2em 1em .2em 0}</style></head>
        <body><h1>Larder %s</h1><p>%s, up %d s</p><table>%s</table></body></html>
        """
            .formatted(
                escape(version),
                status.ready() ? "Ready" : "Not ready",
                status.uptimeMillis().longValue() / 1_000,
                rows));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
