package dev.larder.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers requests with what a test has laid down for them, and keeps what was asked. */
final class FakeGateway implements AutoCloseable {
  static final String TOKEN = "secret-token";

  record Seen(String request, String type, String authorization, String text) {}

  record Answer(int status, String body, Map<String, String> headers) {}

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new HashMap<>();
  private final HttpServer server;
  final Path home;

  FakeGateway(Path home) {
    this.home = home;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::handle);
      server.start();
      Files.createDirectories(home.resolve("run"));
      Files.createDirectories(home.resolve("conf"));
      Files.writeString(home.resolve("conf/token"), TOKEN + "\n");
      runsAs(ProcessHandle.current().pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void runsAs(long pid) throws IOException {
    Files.writeString(
        home.resolve("run/gateway.json"), "{\"pid\":" + pid + ",\"url\":\"" + url() + "\"}");
  }

  /** Lays down an answer for "METHOD /path?query". */
  FakeGateway answer(String request, int status, String body) {
    return answer(request, status, body, Map.of());
  }

  FakeGateway answer(String request, int status, String body, Map<String, String> headers) {
    answers.put(request, new Answer(status, body, headers));
    return this;
  }

  FakeGateway problem(String request, int status, String code, String detail, String advice) {
    return answer(
        request,
        status,
        "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\",\"advice\":\"%s\"}"
            .formatted(status, code, detail, advice));
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    byte[] body = exchange.getRequestBody().readAllBytes();
    seen.add(
        new Seen(
            request,
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new String(body, StandardCharsets.UTF_8)));
    Answer answer =
        answers.getOrDefault(
            request,
            new Answer(500, "{\"detail\":\"nothing laid down for " + request + "\"}", Map.of()));
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  Seen last() {
    return seen.get(seen.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
