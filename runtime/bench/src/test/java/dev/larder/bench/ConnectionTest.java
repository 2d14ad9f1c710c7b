package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final List<Integer> ports = new ArrayList<>();
  private HttpServer server;
  private URI url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    server.createContext("/echo", exchange -> answer(exchange, 200));
    server.createContext("/gone", exchange -> answer(exchange, 404));
    server.createContext(
        "/last",
        exchange -> {
          exchange.getResponseHeaders().set("Connection", "close");
          answer(exchange, 200);
        });
    server.createContext("/chunked", exchange -> exchange.sendResponseHeaders(200, 0));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    ports.add(exchange.getRemoteAddress().getPort());
    byte[] token = exchange.getRequestHeaders().getFirst("Authorization").getBytes("UTF-8");
    byte[] body = exchange.getRequestBody().readAllBytes();
    body = body.length == 0 ? token : body;
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void requestsShareOneConnection() throws Exception {
    JsonObject document = new JsonObject();
    document.addProperty("reference", "ü");
    try (Connection connection = new Connection(url, "secret")) {
      assertThat(connection.get("/echo")).asString().isEqualTo("Bearer secret");
      assertThat(connection.post("/echo", document)).asString().isEqualTo(document.toString());
      assertThat(connection.get("/echo")).asString().isEqualTo("Bearer secret");
    }
    assertThat(ports).hasSize(3);
    assertThat(ports.stream().distinct()).hasSize(1);
  }

  @Test
  void whatIsNoAnswerForAMeasurementIsTold() throws Exception {
    try (Connection connection = new Connection(url, "secret")) {
      assertThatThrownBy(() -> connection.get("/gone"))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("404");
      assertThatThrownBy(() -> connection.get("/last")).hasMessageContaining("keep the connection");
    }
    try (Connection connection = new Connection(url, "secret")) {
      assertThatThrownBy(() -> connection.get("/chunked")).hasMessageContaining("no length");
    }
  }
}
