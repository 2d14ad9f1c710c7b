package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The gateway's HTTP interface, for what would take too long with a process for each call. */
public final class Api {
  private static final int LARGE = 100_000;
  private static final String JSON = "application/json";
  private static final String BATCH = "application/vnd.larder.batch";

  public final URI url;
  public final String token;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Api(String url, String token) {
    this.url = URI.create(url);
    this.token = token;
  }

  /** Sends a request, whatever the answer. */
  public HttpResponse<String> send(String method, String target, BodyPublisher body) throws IOException {
    return send(method, target, body, BodyHandlers.ofString());
  }

  /** Sends a request that may be a batch of artifacts, whatever the answer. */
  public HttpResponse<String> send(String method, String target, BodyPublisher body, boolean batch)
      throws IOException {
    return send(method, target, body, batch ? BATCH : JSON, BodyHandlers.ofString());
  }

  /** Sends a request whose answer is taken in another way. */
  public <T> HttpResponse<T> send(
      String method, String target, BodyPublisher body, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    return send(method, target, body, JSON, handler);
  }

  private <T> HttpResponse<T> send(
      String method,
      String target,
      BodyPublisher body,
      String type,
      HttpResponse.BodyHandler<T> handler)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(target))
            .method(method, body)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .timeout(Duration.ofMinutes(2))
            // A refusal of a large body that is under way could be lost with the connection.
            .expectContinue(body.contentLength() > LARGE)
            .build();
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Sends a small document and expects success. */
  public JsonElement call(String method, String target, String document) {
    try {
      HttpResponse<String> response = send(method, target, BodyPublishers.ofString(document));
      assertThat(response.statusCode())
          .as("%s %s: %s", method, target, response.body())
          .isBetween(200, 299);
      return JsonParser.parseString(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gets a document. */
  public JsonElement get(String target) {
    return call("GET", target, "");
  }

  /** Puts content; gives the HTTP status. */
  public int put(String reference, byte[] content) throws IOException {
    return send(
            "PUT", "/v1/artifacts?ref=" + encode(reference), BodyPublishers.ofByteArray(content))
        .statusCode();
  }

  /** SHA-256 of the content behind a reference. */
  public String digestOfContent(String reference) {
    try {
      HttpResponse<InputStream> response =
          send(
              "GET",
              "/v1/content?ref=" + encode(reference),
              BodyPublishers.noBody(),
              BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        assertThat(response.statusCode()).as("content of %s", reference).isEqualTo(200);
        return Content.sha256(body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
