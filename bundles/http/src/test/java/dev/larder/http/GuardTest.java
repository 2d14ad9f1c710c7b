package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.core.Token;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {

  @TempDir Path home;

  @Test
  void nothingIsAnsweredWithoutTheToken() throws Exception {
    try (TestServer server = new TestServer()) {
      for (String path : new String[] {"/v1/artifacts", "/v1/status", "/nothing", "/v1/events"}) {
        for (String token :
            new String[] {"", "Bearer ", "Bearer wrong", "Basic " + TestServer.TOKEN}) {
          HttpRequest.Builder request =
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + path));
          if (!token.isEmpty()) {
            request.header("Authorization", token);
          }
          HttpResponse<String> response = server.send(request);
          assertThat(response.statusCode()).isEqualTo(401);
          assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
          assertThat(response.body()).contains("\"code\":\"UNAUTHORIZED\"");
        }
      }
    }
  }

  @Test
  void aForeignHostNameIsRefusedOnLoopback() throws Exception {
    try (TestServer server = new TestServer()) {
      for (String host :
          new String[] {"evil.example:" + server.port, "localhost.evil.example", "10.0.0.1"}) {
        assertThat(Raw.status(server.port, "GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
            .isEqualTo(403);
      }
      for (String host :
          new String[] {"localhost", "LOCALHOST:1", "127.0.0.1:" + server.port, "[::1]:80"}) {
        assertThat(Raw.status(server.port, "GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
            .isEqualTo(200);
      }
    }
  }

  @Test
  void aTokenIsMadeForItsOwnerAlone() throws Exception {
    Path file = home.resolve("conf/token");
    Token token = Token.load(file);
    String text = Files.readString(file).strip();
    assertThat(text).matches("[0-9a-f]{64}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(token.matches(text)).isTrue();
    assertThat(token.matches(text + "x")).isFalse();
    assertThat(Token.load(file).matches(text)).isTrue();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Token.load(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> Token.load(file)).isInstanceOf(IOException.class);
  }
}
