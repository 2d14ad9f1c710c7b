package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a gateway that is kept alive between requests, and adds little of its own to what
 * is measured. For one thread.
 */
final class Connection implements AutoCloseable {
  private static final int BUFFER = 64 << 10;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int LONGEST_LINE = 8192;
  private static final String LENGTH = "content-length:";

  private final Socket socket = new Socket();
  private final InputStream in;
  private final String headers;

  /** Connects. */
  Connection(URI url, String token) throws IOException {
    try {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    headers =
        " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer " + token + "\r\n";
  }

  /** Asks for something; returns the body of the answer, which has to be 200. */
  byte[] get(String target) throws CliException, IOException {
    return exchange("GET " + target + headers + "\r\n");
  }

  /** Posts a document. */
  byte[] post(String target, JsonObject document) throws CliException, IOException {
    String body = document.toString();
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return exchange(
        "POST "
            + target
            + headers
            + "Content-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n"
            + body);
  }

  private byte[] exchange(String request) throws CliException, IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    String status = line();
    int length = length();
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the connection ended in the middle of an answer");
    }
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new CliException(
          "INTERNAL", status + ": " + new String(body, StandardCharsets.UTF_8), "see its log");
    }
    return body;
  }

  /** Reads the other lines of the head. */
  private int length() throws IOException {
    @Nullable String length = null;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LENGTH)) {
        length = line.substring(LENGTH.length()).strip();
      } else if (lower.equals("connection: close")) {
        throw new IOException("the gateway does not keep the connection alive");
      }
    }
    if (length == null) {
      throw new IOException("the answer has no length");
    }
    return Integer.parseInt(length);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() == LONGEST_LINE) {
        throw new EOFException("the answer has no head");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
