package dev.larder.http.metrics;

import dev.larder.http.core.Services;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * All figures as text: the <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">format 0.0.4</a>. They are
 * gathered when they are asked for; nothing is kept. Any thread.
 */
public final class Exposition {

  /** Media type. */
  public static final String TYPE = "text/plain; version=0.0.4";

  private final Services services;
  private final String version;
  private final LongSupplier uptimeNanos;

  /** Of these services. */
  public Exposition(Services services, String version, LongSupplier uptimeNanos) {
    this.services = services;
    this.version = version;
    this.uptimeNanos = uptimeNanos;
  }

  /** The figures now. */
  public String text() throws IOException {
    Metrics metrics = new Metrics();
    metrics.gauge("larder_build_info", "The gateway's version; always 1", 1, "version", version);
    metrics.gauge(
        "larder_uptime_seconds", "Since the gateway started", uptimeNanos.getAsLong() / 1e9);
    new GatewayMetrics(services, metrics).gather();
    ProcessMetrics.gather(metrics);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, metrics.snapshots());
    return text.toString(StandardCharsets.UTF_8);
  }
}
