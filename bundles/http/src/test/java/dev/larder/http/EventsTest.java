package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {

  @Test
  void eventsArriveInOrderWithHeartbeats() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<InputStream> response =
          server.send(server.request("/v1/events"), BodyHandlers.ofInputStream());
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo(": alive");
        server.events.publish("ram/SWAPPED", Map.of("reference", "m:latest", "nanos", 5L));
        server.events.publish("ram/EVICTED", Map.of("size", 1));
        assertThat(nextEvent(lines)).isEqualTo("event: ram/SWAPPED");
        assertThat(lines.readLine()).isEqualTo("data: {\"nanos\":5,\"reference\":\"m:latest\"}");
        assertThat(nextEvent(lines)).isEqualTo("event: ram/EVICTED");
        assertThat(server.events.clients()).isEqualTo(1);
      }
    }
  }

  private static String nextEvent(BufferedReader lines) throws Exception {
    String line = lines.readLine();
    while (!line.startsWith("event:")) {
      line = lines.readLine();
    }
    return line;
  }

  @Test
  void aClientThatDoesNotReadHoldsNobodyUp() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<InputStream> response =
          server.send(server.request("/v1/events"), BodyHandlers.ofInputStream());
      String large = "x".repeat(10_000);
      for (int i = 0; i < 20_000; i++) {
        server.events.publish("n", Map.of("i", i, "large", large));
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        String line = lines.readLine();
        while (!line.equals("event: lost")) {
          line = lines.readLine();
        }
        assertThat(lines.readLine()).contains("count");
      }
    }
  }

  @Test
  void aClientThatGoesIsForgotten() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<InputStream> response =
          server.send(server.request("/v1/events"), BodyHandlers.ofInputStream());
      response.body().read();
      assertThat(server.events.clients()).isEqualTo(1);
      response.body().close();
      for (int i = 0; i < 100 && server.events.clients() > 0; i++) {
        Thread.sleep(50);
      }
      assertThat(server.events.clients()).isZero();
    }
  }
}
