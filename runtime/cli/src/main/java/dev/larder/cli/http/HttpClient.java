package dev.larder.cli.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 client: one request per connection, straight to the gateway, whatever proxies
 * are configured. The JDK's own clients are not used because one of them costs a third of a second
 * of start-up and the other cannot tell why an upload was refused.
 */
public final class HttpClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration GO_AHEAD = Duration.ofSeconds(1);
  private static final int BUFFER = 64 * 1024;

  private final String host;
  private final int port;

  /** A client of one server. */
  public HttpClient(URI server) {
    this.host = server.getHost();
    this.port = server.getPort() < 0 ? 80 : server.getPort();
  }

  /**
   * Sends a request and reads the head of the answer.
   *
   * @param method such as {@code GET}
   * @param target path and query
   * @param headers besides those of the protocol
   * @param body what to send, if anything
   * @param patience longest silence of the gateway; zero for any
   */
  public Response send(
      String method,
      String target,
      Map<String, String> headers,
      @Nullable Body body,
      Duration patience)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
      out.write(head(method, target, headers, body).getBytes(StandardCharsets.UTF_8));
      out.flush();
      ResponseReader reader = new ResponseReader(in, socket);
      Response early = body == null ? null : sendBody(socket, in, out, body, reader);
      socket.setSoTimeout((int) patience.toMillis());
      return early != null ? early : last(reader);
    } catch (IOException | RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }

  private String head(
      String method, String target, Map<String, String> headers, @Nullable Body body) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append(':').append(port).append("\r\n");
    head.append("Connection: close\r\nAccept: application/json\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (body != null) {
      head.append("Content-Type: ").append(body.type()).append("\r\n");
      head.append(
          body.length() < 0
              ? "Transfer-Encoding: chunked\r\n"
              : "Content-Length: " + body.length() + "\r\n");
      head.append(expects(body) ? "Expect: 100-continue\r\n" : "");
    } else if (!method.equals("GET")) {
      head.append("Content-Length: 0\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** A large body is sent only when the gateway has said that it wants it. */
  private static boolean expects(Body body) {
    return body.length() < 0 || body.length() > BUFFER;
  }

  /** Sends the body; gives the final answer if it came before the body was through. */
  private static @Nullable Response sendBody(
      Socket socket, InputStream in, OutputStream out, Body body, ResponseReader reader)
      throws IOException {
    if (expects(body)) {
      Response refusal = awaitGoAhead(socket, in, reader);
      if (refusal != null) {
        return refusal;
      }
    }
    BodyOutputStream stream = new BodyOutputStream(out, in, reader, body.length());
    try {
      body.writeTo(stream);
      stream.finish();
      return null;
    } catch (BodyOutputStream.AnsweredEarly e) {
      return e.response();
    } catch (SocketException e) {
      // The gateway has hung up; what it said before may still be there to read.
      try {
        return last(reader);
      } catch (IOException none) {
        e.addSuppressed(none);
        throw e;
      }
    }
  }

  private static @Nullable Response awaitGoAhead(
      Socket socket, InputStream in, ResponseReader reader) throws IOException {
    socket.setSoTimeout((int) GO_AHEAD.toMillis());
    try {
      in.mark(1);
      if (in.read() >= 0) {
        in.reset();
      }
    } catch (SocketTimeoutException e) {
      return null; // a server need not answer; the body may be sent then
    } finally {
      socket.setSoTimeout(0);
    }
    Response answer = reader.next();
    return answer.status() / 100 == 1 ? null : answer;
  }

  private static Response last(ResponseReader reader) throws IOException {
    Response response = reader.next();
    while (response.status() / 100 == 1) {
      response = reader.next();
    }
    return response;
  }
}
