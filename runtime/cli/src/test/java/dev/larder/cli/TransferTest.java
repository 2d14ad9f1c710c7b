package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {
  private static final String PUT_ANSWER =
      "{\"reference\":\"x:latest\",\"digest\":\"d\",\"size\":5,\"tier\":\"local\",\"millis\":1.5}";

  @TempDir Path folder;
  private FakeGateway gateway;

  @BeforeEach
  void start() {
    gateway = new FakeGateway(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Run run(String... arguments) {
    return Run.of(folder, gateway.home, arguments);
  }

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void putsAFileUnderItsNameWithOtherCharactersMapped() throws IOException {
    file("my model (2).onnx", "hello");
    gateway.answer("PUT /v1/artifacts?ref=my-model--2-.onnx%3Alatest", 201, PUT_ANSWER);

    Run run = run("put", "my model (2).onnx");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(gateway.last().text()).isEqualTo("hello");
    assertThat(gateway.last().type()).isEqualTo("application/octet-stream");
  }

  @Test
  void putsWithAllOptions() throws IOException {
    file("m", "hello");
    String target =
        "PUT /v1/artifacts?ref=a%2Fb%3Av1&kind=protocol&tier=card&predecessor=a%2Fb%3Av0&strict=true";
    gateway.answer(target, 200, PUT_ANSWER);

    Run run =
        run(
            "put",
            "m",
            "--name",
            "a/b:v1",
            "--kind",
            "PROTOCOL",
            "--tier",
            "card",
            "--predecessor",
            "a/b:v0",
            "--strict",
            "--json");

    assertThat(run.json().getAsJsonObject().get("millis").getAsString()).isEqualTo("1.5");
  }

  @Test
  void putsLargeContentAfterTheGatewayHasSaidThatItWantsIt() throws IOException {
    String content = "0123456789abcdef".repeat(50_000);
    file("large", content);
    gateway.answer("PUT /v1/artifacts?ref=large%3Alatest", 201, PUT_ANSWER);

    assertThat(run("put", "large").status()).isZero();
    assertThat(gateway.last().text()).isEqualTo(content);
  }

  @Test
  void putsStandardInputInChunks() {
    String content = "stream ".repeat(100_000);
    gateway.answer("PUT /v1/artifacts?ref=s%3Alatest", 201, PUT_ANSWER);

    Run run = Run.withInput(folder, gateway.home, content, "put", "-", "--name", "s");

    assertThat(run.status()).isZero();
    assertThat(gateway.last().text()).isEqualTo(content);
  }

  @Test
  void putsAnEmptyFile() throws IOException {
    file("empty", "");
    gateway.answer("PUT /v1/artifacts?ref=empty%3Alatest", 201, PUT_ANSWER);

    assertThat(run("put", "empty").status()).isZero();
    assertThat(gateway.last().text()).isEmpty();
  }

  @Test
  void putsAFolderAsOneBatchInOrder() throws IOException {
    file("dbc/b.dbc", "bbb");
    file("dbc/sub dir/.hidden", "");
    file("dbc/a.dbc", "aa");
    Files.createSymbolicLink(folder.resolve("dbc/link"), folder.resolve("dbc/a.dbc"));
    gateway.answer("POST /v1/batches", 201, "[" + PUT_ANSWER + "," + PUT_ANSWER + "]");

    Run run = run("put", "--recursive", "dbc", "--prefix", "can/v1", "--tier", "local");

    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("left out").contains("link");
    assertThat(gateway.last().type()).isEqualTo("application/vnd.larder.batch");
    assertThat(gateway.last().text())
        .isEqualTo(
            "{\"reference\":\"can/v1/a.dbc:latest\",\"size\":2,\"tier\":\"local\"}\naa"
                + "{\"reference\":\"can/v1/b.dbc:latest\",\"size\":3,\"tier\":\"local\"}\nbbb"
                + "{\"reference\":\"can/v1/sub-dir/x.hidden:latest\",\"size\":0,\"tier\":\"local\"}\n"
                + "{\"end\":3}\n");
  }

  @Test
  void refusesTwoFilesOfOneNameBeforeAnythingIsSent() throws IOException {
    file("d/a b", "1");
    file("d/a-b", "2");

    Run run = run("put", "-r", "d");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("would both be named a-b:latest");
    assertThat(gateway.seen).isEmpty();
  }

  @Test
  void getsAFileWholeOrNotAtAll() throws Exception {
    gateway.answer(
        "GET /v1/content?ref=a%2Fb%3Alatest",
        200, "hello", Map.of("ETag", '"' + sha("hello") + '"'));

    Run run = run("get", "a/b", "--json");

    assertThat(run.status()).isZero();
    assertThat(folder.resolve("b")).hasContent("hello");
    assertThat(run.json().getAsJsonObject().get("digest").getAsString()).isEqualTo(sha("hello"));
    assertThat(run.json().getAsJsonObject().get("millis").getAsString()).matches("\\d+\\.\\d{1,3}");
    assertThat(run("get", "a/b").err()).contains("b exists already");
    assertThat(run("get", "a/b", "-o", "b").status()).isZero();
  }

  @Test
  void leavesNothingWhenTheDigestIsWrong() throws IOException {
    gateway.answer(
        "GET /v1/content?ref=a%3Alatest", 200, "hello", Map.of("ETag", '"' + sha("other") + '"'));

    Run run = run("get", "a", "-o", "target");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("SHA-256");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("home");
    }
  }

  @Test
  void getsToStandardOutput() {
    gateway.answer(
        "GET /v1/content?ref=a%3Alatest", 200, "hello", Map.of("ETag", '"' + sha("hello") + '"'));

    Run run = run("get", "a", "-o", "-");

    assertThat(run.out()).isEqualTo("hello");
    assertThat(run("get", "a", "-o", "-", "--json").status()).isEqualTo(2);
  }

  @Test
  void namesAFolderThatIsNotThere() {
    gateway.answer("GET /v1/content?ref=a%3Alatest", 200, "hello");

    Run run = run("get", "a", "-o", "no/such/file");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "larder: cannot write "
                + folder.resolve("no/such/file")
                + ": no such folder; check the path\n");
  }

  private static String sha(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
