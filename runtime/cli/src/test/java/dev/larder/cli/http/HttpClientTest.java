package dev.larder.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that speaks bytes, to play what a real one does only on a bad day. */
@Timeout(30)
class HttpClientTest {
  private interface Script {
    void play(InputStream in, OutputStream out) throws Exception;
  }

  private ServerSocket server;
  private CompletableFuture<Void> played;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    played.get(20, TimeUnit.SECONDS);
  }

  private void serve(Script script) {
    played =
        CompletableFuture.runAsync(
            () -> {
              try (Socket socket = server.accept()) {
                script.play(socket.getInputStream(), socket.getOutputStream());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private Response send(Body body) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return new HttpClient(url).send("PUT", "/x", Map.of(), body, Duration.ofSeconds(10));
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private record Bytes(long length, long count) implements Body {
    @Override
    public String type() {
      return "text/plain";
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] chunk = new byte[65536];
      for (long left = count; left > 0; left -= chunk.length) {
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
    }
  }

  private static String text(Response response) throws IOException {
    return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aRefusalBeforeTheBodyIsReadAndNothingIsSent() throws IOException {
    serve(
        (in, out) -> {
          assertThat(readHead(in)).contains("Expect: 100-continue");
          say(out, "HTTP/1.1 507 Full\r\nContent-Length: 4\r\n\r\nfull");
          assertThat(in.read()).isNegative();
        });
    try (Response response = send(new Bytes(1 << 30, 1 << 30))) {
      assertThat(response.status()).isEqualTo(507);
      assertThat(text(response)).isEqualTo("full");
    }
  }

  @Test
  void anAnswerInTheMiddleOfTheBodyEndsTheUpload() throws IOException {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "HTTP/1.1 100 Continue\r\n\r\n");
          in.readNBytes(300_000);
          say(out, "HTTP/1.1 507 Full\r\nContent-Length: 4\r\n\r\nfull");
          in.transferTo(OutputStream.nullOutputStream());
        });
    try (Response response = send(new Bytes(1L << 40, 1L << 40))) {
      assertThat(response.status()).isEqualTo(507);
      assertThat(text(response)).isEqualTo("full");
    }
  }

  @Test
  void aLateGoAheadIsNoAnswer() throws IOException {
    serve(
        (in, out) -> {
          readHead(in);
          in.readNBytes(100_000); // the client has lost its patience and sends
          say(out, "HTTP/1.1 100 Continue\r\n\r\n");
          in.readNBytes(900_000);
          say(out, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
        });
    try (Response response = send(new Bytes(1_000_000, 1_000_000))) {
      assertThat(text(response)).isEqualTo("ok");
    }
  }

  @Test
  void readsChunksWithExtensionsAndTrailers() throws IOException {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          say(out, "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n");
        });
    try (Response response = send(null)) {
      assertThat(text(response)).isEqualTo("hello world");
    }
  }

  @Test
  void aBodyThatIsCutOffIsAnError() throws IOException {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        });
    try (Response response = send(null)) {
      assertThatThrownBy(() -> text(response)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aChunkedBodyThatIsCutOffIsAnError() throws IOException {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        });
    try (Response response = send(null)) {
      assertThatThrownBy(() -> text(response)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatIsNoHttpIsAnError() {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "SSH-2.0-OpenSSH_9.2\r\n");
        });
    assertThatThrownBy(() -> send(null)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void aHeadWithoutEndIsAnError() {
    serve(
        (in, out) -> {
          readHead(in);
          say(out, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000));
          in.read();
        });
    assertThatThrownBy(() -> send(null)).isInstanceOf(ProtocolException.class);
  }
}
