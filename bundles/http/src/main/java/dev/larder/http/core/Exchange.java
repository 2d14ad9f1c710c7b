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
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One request and its answer. */
public final class Exchange {

  /** Most bytes of a JSON body. */
  public static final int MAX_JSON = 64 * 1024;

  /** Most bytes that are taken in after an answer, so that the answer arrives. */
  private static final long MAX_LINGER = 64L << 20;

  /** How long they are taken in. A single read ends at the idle timeout of the server. */
  private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

  /** Attribute of a request whose body was asked for. */
  private static final String ASKED = Exchange.class.getName() + ".asked";

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

  /** The body. A client that waits to be asked for it sends it from now on. */
  public InputStream body() throws IOException {
    request.setAttribute(ASKED, true);
    return request.getInputStream();
  }

  /** The body as a JSON object. */
  public JsonBody json() throws IOException {
    if (bodyLength().orElse(0) > MAX_JSON) {
      throw tooLong();
    }
    byte[] bytes;
    try {
      bytes = body().readNBytes(MAX_JSON + 1);
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
    sendText(status, "application/json", Json.GSON.toJson(view));
  }

  /** Answers with an array whose elements are written one by one. */
  public void sendAll(int status, Stream<?> views) throws IOException {
    boolean unread = start(status, "application/json");
    try (JsonWriter writer =
        Json.GSON.newJsonWriter(
            new BufferedWriter(
                new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8)))) {
      writer.beginArray();
      for (Iterator<?> each = views.iterator(); each.hasNext(); ) {
        Object view = each.next();
        Json.GSON.toJson(view, view.getClass(), writer);
      }
      writer.endArray();
    }
    if (unread) {
      linger();
    }
  }

  /** Answers with a problem document. */
  public void sendProblem(LarderException failure) throws IOException {
    int status = Problem.status(failure);
    if (failure instanceof Problem problem) {
      problem.headers().forEach(response::setHeader);
    }
    if (status == 401) {
      response.setHeader("WWW-Authenticate", "Bearer realm=\"larder\"");
    } else if (status == 503) {
      response.setHeader("Retry-After", "1");
    }
    sendText(status, Problem.TYPE, Json.GSON.toJson(Problem.document(failure)));
  }

  /** Says that the body was read to its end. */
  public void bodyDone() {
    bodyDone = true;
  }

  /** Answers with a text. */
  public void sendText(int status, String type, String text) throws IOException {
    boolean unread = start(status, type);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    response.setContentLength(bytes.length);
    try (OutputStream out = response.getOutputStream()) {
      out.write(bytes);
    }
    if (unread) {
      linger();
    }
  }

  /** Whether a body is left unread, so that the connection closes after the answer. */
  private boolean start(int status, String type) {
    boolean unread = !settleBody();
    if (unread) {
      response.setHeader("Connection", "close");
    }
    response.setStatus(status);
    response.setContentType(type);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader("Cache-Control", "no-store");
    return unread;
  }

  /**
   * Sees to the rest of a body that was not wanted. A short one is read, so that the connection can
   * be used again; otherwise the client is told that it will be closed, since it would else send
   * its next request into it.
   *
   * @return whether nothing of the body is left
   */
  private boolean settleBody() {
    long length = request.getContentLengthLong();
    boolean chunked = request.getHeader("Transfer-Encoding") != null;
    if (bodyDone || length == 0 || (length < 0 && !chunked)) {
      return true;
    }
    boolean small = length > 0 && length <= MAX_JSON && !waitsForContinue();
    return small && skipBody(length);
  }

  /**
   * Takes in what the client is still sending after the answer, within bounds. A connection that is
   * closed with bytes unread is reset, and the reset takes away from the client the answer that
   * says why (RFC 9112 §9.6).
   */
  private void linger() {
    if (!waitsForContinue()) {
      skipBody(MAX_LINGER);
    }
  }

  private boolean waitsForContinue() {
    return request.getHeader("Expect") != null && request.getAttribute(ASKED) == null;
  }

  /** Whether the body ended within so many bytes and {@link #LINGER_NANOS}. */
  private boolean skipBody(long most) {
    long begin = System.nanoTime();
    try {
      InputStream in = body();
      byte[] scratch = new byte[8 * 1024];
      long left = most;
      int count = in.read(scratch);
      while (count >= 0 && left >= 0 && System.nanoTime() - begin < LINGER_NANOS) {
        left -= count;
        count = in.read(scratch);
      }
      return count < 0;
    } catch (IOException e) {
      return false; // it was cut off: the answer may still reach the client
    }
  }
}
