package dev.larder.cli.gateway;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.larder.cli.CliException;
import dev.larder.cli.http.Body;
import dev.larder.cli.http.HttpClient;
import dev.larder.cli.http.Response;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The running gateway, by its HTTP interface. */
public final class Gateway {
  /** Longest silence of the gateway in a request that should be answered at once. */
  private static final Duration SHORT = Duration.ofSeconds(60);

  private final URI url;
  private final HttpClient http;
  private final Map<String, String> headers;

  /** A gateway at an address, with its bearer token. */
  public Gateway(URI url, String token) {
    this.url = url;
    this.http = new HttpClient(url);
    this.headers = Map.of("Authorization", "Bearer " + token);
  }

  /** Finds the gateway that runs for a home. */
  public static Gateway of(Home home) throws CliException {
    URI url = home.url();
    return new Gateway(url, home.token());
  }

  /** Asks for a document. */
  public JsonElement get(Query query) throws CliException {
    return call("GET", query, null, SHORT);
  }

  /** Deletes something; draining a tier may take any time. */
  public JsonElement delete(Query query) throws CliException {
    return call("DELETE", query, null, Duration.ZERO);
  }

  /** Posts a small document; the work that it asks for may take any time. */
  public JsonElement post(Query query, JsonObject document) throws CliException {
    return call("POST", query, new JsonBody(document), Duration.ZERO);
  }

  /** Puts a small document. */
  public JsonElement put(Query query, JsonObject document) throws CliException {
    return call("PUT", query, new JsonBody(document), SHORT);
  }

  /** Sends a large body. */
  public JsonElement send(String method, Query query, Body body) throws CliException {
    return call(method, query, body, Duration.ZERO);
  }

  /** Opens a body for reading; the caller closes the response. */
  public Response open(Query query) throws CliException {
    Response response = exchange("GET", query, null, Duration.ZERO);
    if (response.status() >= 300) {
      document(response);
      throw new CliException("INTERNAL", "unexpected answer " + response.status(), "");
    }
    return response;
  }

  /** The health document, which is there whether or not the gateway is ready. */
  public JsonObject health() throws CliException {
    try (Response response = exchange("GET", Query.of("/health"), null, SHORT)) {
      JsonElement document = parse(response);
      if (document.isJsonObject() && document.getAsJsonObject().has("ready")) {
        return document.getAsJsonObject();
      }
      throw Problems.of(response.status(), document);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private JsonElement call(String method, Query query, @Nullable Body body, Duration patience)
      throws CliException {
    return document(exchange(method, query, body, patience));
  }

  private Response exchange(String method, Query query, @Nullable Body body, Duration patience)
      throws CliException {
    try {
      return http.send(method, query.toString(), headers, body, patience);
    } catch (SourceException e) {
      throw e.reason();
    } catch (ConnectException e) {
      throw new CliException(
          "UNAVAILABLE",
          "the gateway at " + url + " cannot be reached (" + e.getMessage() + ")",
          "see 'larder status', or restart it");
    } catch (SocketTimeoutException e) {
      throw new CliException(
          "UNAVAILABLE",
          "the gateway at " + url + " does not answer",
          "see its log in the home's folder log");
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private JsonElement document(Response response) throws CliException {
    try (response) {
      JsonElement document = parse(response);
      if (response.status() >= 300) {
        throw Problems.of(response.status(), document);
      }
      return document;
    } catch (SocketTimeoutException e) {
      throw new CliException(
          "UNAVAILABLE", "the gateway at " + url + " stopped answering", "see its log");
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static JsonElement parse(Response response) throws IOException {
    if (response.length() == 0) {
      return JsonNull.INSTANCE;
    }
    try {
      return JsonParser.parseReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    } catch (JsonParseException e) {
      if (e.getCause() instanceof IOException io && !isSyntax(io)) {
        throw io;
      }
      return JsonNull.INSTANCE; // an error page of the container: its status says enough
    }
  }

  private static boolean isSyntax(IOException e) {
    return e instanceof com.google.gson.stream.MalformedJsonException
        || e instanceof java.io.EOFException;
  }

  /** What is said when the connection ends too soon. */
  public CliException broken(IOException e) {
    return new CliException(
        "UNAVAILABLE",
        "the connection to the gateway at " + url + " broke (" + e.getMessage() + ")",
        "see 'larder status' and the log in the home's folder log");
  }

  /** What is said when content ends too soon, as it does when a stored block cannot be read. */
  public CliException cut(IOException e) {
    return new CliException(
        "BODY_INCOMPLETE",
        "the gateway at " + url + " broke off in the middle (" + e.getMessage() + ")",
        "see 'larder health'; 'larder scrub' tells whether stored data are damaged");
  }

  /** Address of the gateway. */
  public URI url() {
    return url;
  }

  /** A document's field as text, for messages. */
  static String text(JsonElement document, String field) {
    return document.isJsonObject() ? Fields.text(document.getAsJsonObject(), field) : "";
  }
}
