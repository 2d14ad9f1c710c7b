package dev.larder.cli.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads HTTP/1.1 answers from a connection that carries one request. */
final class ResponseReader {
  private static final int MAX_HEAD = 64 * 1024;

  private final InputStream in;
  private final Closeable connection;
  private int headBytes;

  ResponseReader(InputStream in, Closeable connection) {
    this.in = in;
    this.connection = connection;
  }

  /** Reads the next answer, which may be an interim one (status 1xx). */
  Response next() throws IOException {
    headBytes = 0;
    int status = status(line());
    Map<String, String> headers = headers();
    if (status / 100 == 1 || status == 204 || status == 304) {
      return new Response(status, headers, 0, InputStream.nullInputStream(), connection);
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new Response(status, headers, -1, new ChunkedInputStream(in), connection);
    }
    long length = length(headers);
    InputStream body = length < 0 ? in : new FixedInputStream(in, length);
    return new Response(status, headers, length, body, connection);
  }

  private static int status(String line) throws ProtocolException {
    String[] parts = line.split(" ", 3);
    if (!line.startsWith("HTTP/1.") || parts.length < 2 || !parts[1].matches("[1-5]\\d\\d")) {
      throw new ProtocolException("this is no HTTP server");
    }
    return Integer.parseInt(parts[1]);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static long length(Map<String, String> headers) throws ProtocolException {
    String text = headers.get("content-length");
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ProtocolException("bad Content-Length: " + text);
    }
  }

  private String line() throws IOException {
    return line(in, MAX_HEAD - headBytes, n -> headBytes += n);
  }

  /** Reads a line that ends with LF or CRLF. */
  static String line(InputStream in, int limit, java.util.function.IntConsumer taken)
      throws IOException {
    byte[] bytes = new byte[128];
    int n = 0;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended before the answer did");
      }
      if (n >= limit) {
        throw new ProtocolException("the answer's head is too long");
      }
      if (n == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, 2 * n);
      }
      bytes[n++] = (byte) b;
    }
    taken.accept(n);
    int end = n > 0 && bytes[n - 1] == '\r' ? n - 1 : n;
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }
}
