package dev.larder.http.core;

import com.google.gson.stream.JsonWriter;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One request and its answer. */
public final class Exchange {

  /** Most bytes of a JSON body. */
  public static final int MAX_JSON = 64 * 1024;

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Map<String, String> query;
  private final Map<String, String> segments;
  private boolean bodyDone;

  private Exchange(
      HttpServletRequest request,
      HttpServletResponse response,
      Map<String, String> query,
      Map<String, String> segments) {
    this.request = request;
    this.response = response;
    this.query = query;
    this.segments = segments;
  }

  /**
   * An exchange.
   *
   * @param segments values of the varying segments of the path
   * @throws LarderException if the query is malformed
   */
  public static Exchange of(
      HttpServletRequest request, HttpServletResponse response, Map<String, String> segments)
      throws LarderException {
    return new Exchange(request, response, Params.query(request.getQueryString()), segments);
  }

  /** An exchange of which only the answer matters. */
  static Exchange forAnswer(HttpServletRequest request, HttpServletResponse response) {
    return new Exchange(request, response, Map.of(), Map.of());
  }

  /** The request as the container has it. */
  public HttpServletRequest request() {
    return request;
  }

  /** The answer as the container has it. */
  public HttpServletResponse response() {
    return response;
  }

  /** A varying segment of the path. */
  public String segment(String name) {
    return segments.getOrDefault(name, "");
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A parameter of the query that must be there. */
  public String need(String name) throws LarderException {
    return query(name)
        .orElseThrow(() -> LarderException.invalid("query parameter '" + name + "' is missing"));
  }

  /** A reference in the query that must be there. */
  public Reference reference(String name) throws LarderException {
    return Params.reference(need(name));
  }

  /** A header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** Length of the body where it is declared. */
  public OptionalLong bodyLength() {
    long length = request.getContentLengthLong();
    return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /** The body as a JSON object. */
  public JsonBody json() throws IOException {
    if (bodyLength().orElse(0) > MAX_JSON) {
      throw tooLong();
    }
    byte[] bytes;
    try {
      bytes = request.getInputStream().readNBytes(MAX_JSON + 1);
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.BODY_INCOMPLETE, "the body was cut off", "send it again", e);
    }
    if (bytes.length > MAX_JSON) {
      throw tooLong();
    }
    return JsonBody.parse(new String(bytes, StandardCharsets.UTF_8));
  }

  private static Problem tooLong() {
    return new Problem(
        413, ErrorCode.INVALID_ARGUMENT, "the body is longer than " + MAX_JSON + " bytes", "");
  }

  /** Answers with a view. */
  public void send(int status, Object view) throws IOException {
    start(status, "application/json");
    try (Writer writer = writer()) {
      Json.GSON.toJson(view, writer);
    }
  }

  /** Answers with an array whose elements are written one by one. */
  public void sendAll(int status, Stream<?> views) throws IOException {
    start(status, "application/json");
    try (JsonWriter writer = Json.GSON.newJsonWriter(writer())) {
      writer.beginArray();
      for (Iterator<?> each = views.iterator(); each.hasNext(); ) {
        Object view = each.next();
        Json.GSON.toJson(view, view.getClass(), writer);
      }
      writer.endArray();
    }
  }

  /** Answers with a problem document. */
  public void sendProblem(LarderException failure) throws IOException {
    int status = Problem.status(failure);
    start(status, Problem.TYPE);
    if (failure instanceof Problem problem) {
      problem.headers().forEach(response::setHeader);
    }
    if (status == 401) {
      response.setHeader("WWW-Authenticate", "Bearer realm=\"larder\"");
    } else if (status == 503) {
      response.setHeader("Retry-After", "1");
    }
    try (Writer writer = writer()) {
      Json.GSON.toJson(Problem.document(failure), writer);
    }
  }

  /** Answers with a text. */
  public void sendText(int status, String type, String text) throws IOException {
    start(status, type);
    try (Writer writer = writer()) {
      writer.write(text);
    }
  }

  /** Says that the body was read to its end. */
  public void bodyDone() {
    bodyDone = true;
  }

  /**
   * Sees to the rest of a body that was not wanted. A short one is read, so that the connection can
   * be used again; otherwise the client is told that it will be closed, since it would else send
   * its next request into it.
   */
  private void settleBody() {
    long length = request.getContentLengthLong();
    boolean chunked = request.getHeader("Transfer-Encoding") != null;
    if (bodyDone || length == 0 || (length < 0 && !chunked)) {
      return;
    }
    boolean small = length > 0 && length <= MAX_JSON && request.getHeader("Expect") == null;
    if (!small || !skipBody()) {
      response.setHeader("Connection", "close");
    }
  }

  private boolean skipBody() {
    try {
      InputStream in = request.getInputStream();
      byte[] scratch = new byte[4 * 1024];
      while (in.read(scratch) >= 0) {
        // not wanted
      }
      return true;
    } catch (IOException e) {
      return false; // it was cut off: the answer may still reach the client
    }
  }

  private void start(int status, String type) {
    settleBody();
    response.setStatus(status);
    response.setContentType(type);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader("Cache-Control", "no-store");
  }

  private Writer writer() throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
  }
}
