package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistakesTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put missing.onnx          | 1 | no such file",
        "put home                  | 1 | is a directory",
        "put home/conf/token --name| 2 | --name",
        "put home/conf/token --name '' | 2 | the name is empty",
        "put home/conf/token --name ../x | 2 | invalid name '../x'",
        "put home/conf/token --name a/../x | 2 | invalid name 'a/../x'",
        "put home/conf/token --name a:.b | 2 | invalid tag '.b'",
        "put home/conf/token --kind film | 2 | is no value of --kind",
        "put home/conf/token --prefix x | 2 | --prefix needs --recursive",
        "put -                     | 2 | standard input has no name",
        "put ''                    | 2 | name is empty",
        "put                       | 2 | missing required parameter",
        "put --recursive home/conf/token | 1 | is not a directory",
        "put --recursive nowhere   | 1 | no such file",
        "put -r home --prefix a//b | 2 | invalid name 'a//b'",
        "get ''                    | 2 | the name is empty",
        "swap a --timeout 5        | 2 | is no duration",
        "swap a --timeout 9d9      | 2 | is no duration",
        "swap a --pid x            | 2 | --pid",
        "tier add x --path . --capacity lots | 2 | is no size",
        "tier add x                | 2 | --path",
        "tier                      | 2 | needs a command",
        "tier fly                  | 2 | unknown command 'fly'",
        "fly                       | 2 | unknown command 'fly'",
        "ls --fly                  | 2 | unknown option '--fly'",
        "ls fly                    | 2 | one argument too many",
      })
  void areToldInOneLine(String command, int status, String words) {
    String[] arguments = command.strip().split(" +");
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].replace("''", "");
    }
    Run run = run(arguments);

    assertThat(run.err()).contains(words).startsWith("larder: ");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).doesNotContain("Exception");
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(gateway.seen).isEmpty();
  }

  @Test
  void withJsonGiveADocumentWithACode() {
    Run run = run("--json", "fly");

    assertThat(run.json().getAsJsonObject().get("code").getAsString())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(run.status()).isEqualTo(2);
  }

  @Test
  void noGatewayIsSaidSo() throws IOException {
    Files.delete(gateway.home.resolve("run/gateway.json"));

    Run run = run("ls", "--json");

    assertThat(run.err())
        .isEqualTo(
            "larder: no gateway is running for "
                + gateway.home
                + "; start it with 'larder start'\n");
    assertThat(run.json().getAsJsonObject().get("code").getAsString()).isEqualTo("UNAVAILABLE");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void aGatewayThatHasDiedIsSaidSo() throws IOException {
    gateway.runsAs(0x7FFFFFF0L);

    assertThat(run("ls").err()).contains("no gateway is running").contains("has ended");
  }

  @Test
  void aGatewayThatDoesNotListenIsSaidSo() {
    gateway.close();

    Run run = run("ls");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("cannot be reached").doesNotContain("Exception");
  }

  @Test
  void aDamagedGatewayFileIsSaidSo() throws IOException {
    Files.writeString(gateway.home.resolve("run/gateway.json"), "{\"pid\":");
    assertThat(run("ls").err()).startsWith("larder: cannot read ").contains("gateway.json");
    Files.writeString(gateway.home.resolve("run/gateway.json"), "[]");
    assertThat(run("ls").err()).startsWith("larder: cannot read ").contains("gateway.json");
  }

  @Test
  void theGatewaysProblemIsTold() {
    gateway.problem(
        "GET /v1/artifacts?ref=a%3Alatest", 404, "NOT_FOUND", "no reference a:latest", "see ls");

    Run run = run("show", "a");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("larder: no reference a:latest; see ls\n");
  }

  @Test
  void aRefusedTokenIsTold() {
    gateway.answer("GET /v1/artifacts", 401, "");

    Run run = run("ls", "--json");

    assertThat(run.json().getAsJsonObject().get("code").getAsString()).isEqualTo("UNAUTHORIZED");
    assertThat(run.err()).contains("refuses the token").contains("conf/token");
  }

  @Test
  void aContainersErrorPageIsToldByItsStatus() {
    gateway.answer("GET /v1/artifacts", 500, "<html>oops</html>");

    assertThat(run("ls").err()).contains("status 500");
  }

  @Test
  void helpGoesToStandardOutput() {
    assertThat(run("--help").out()).contains("Usage: larder").contains("rebuild-catalog");
    assertThat(run("put", "--help").out()).contains("--predecessor");
    assertThat(run("help", "tier", "add").out()).contains("--capacity");
    assertThat(run("--version").out()).startsWith("larder ").doesNotContain("$");
    assertThat(run("completion").out()).contains("complete -F");
  }
}
