package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes and bad days: a clear error, nothing lost, and the gateway goes on. */
class BadInputIT {
  private static Gateway gateway;
  private static String kept;

  @BeforeAll
  static void start() {
    gateway = new Gateway().set("LARDER_RAM_LIMIT", "4m").start();
    Path file = Content.randomFile(gateway.folder.resolve("kept"), 1, 100_000);
    kept = Content.sha256(file);
    gateway.cli("put", "kept").ok();
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @AfterEach
  void nothingIsLost() {
    assertThat(gateway.api().digestOfContent("kept")).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "get, 1, unknown:v1",
    "show, 1, unknown:v1",
    "rm, 1, unknown:v1",
    "swap, 1, unknown:v1",
    "rollback, 1, unknown:v1",
    "put, 1, no/such/file",
    "get, 2, ''",
    "get, 2, ../kept",
    "swap, 2, a/../kept",
    "show, 2, 'kept:'",
    "scrub, 1, nowhere",
    "release, 1, unknown:v1",
  })
  void whatIsNotThereOrHasNoNameIsRefused(String command, int status, String operand) {
    gateway.cli(command, operand).failed(status);
    JsonObject error = gateway.json(command, operand).document().getAsJsonObject();
    assertThat(error.get("code").getAsString()).isIn("NOT_FOUND", "INVALID_ARGUMENT");
  }

  @Test
  void theApiRefusesBadNamesItself() throws IOException {
    for (String name :
        List.of("", "..", "a/../b", "/etc", "a//b", "a:", "a\u0000b", "x".repeat(300))) {
      assertThat(gateway.api().put(name, new byte[] {1})).as(name).isEqualTo(400);
    }
  }

  @Test
  void aFileThatMayNotBeReadIsRefused() throws IOException {
    Path file = Content.randomFile(gateway.folder.resolve("locked"), 2, 10);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    List<String> command = gateway.commandLine("put", file.toString());
    if (Machine.isRoot()) {
      assumeTrue(Machine.canBeNobody(), "root reads everything and setpriv is not here");
      Files.setPosixFilePermissions(gateway.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      command = Machine.asNobody(command);
    }
    Command.run(Path.of("/"), gateway.environment(), command).failed(1, "cannot read", "locked");
  }

  @Test
  void aFolderWithAFileThatCannotBeReadIsRefusedWhole() throws IOException {
    Path folder = Files.createDirectories(gateway.folder.resolve("tree"));
    Content.randomFile(folder.resolve("fine"), 3, 10);
    Files.createDirectories(folder.resolve("sub"));
    // Two files whose names become one are found out before anything is sent, for root too.
    Content.randomFile(folder.resolve("sub/a b"), 4, 10);
    Content.randomFile(folder.resolve("sub/a-b"), 5, 10);

    gateway.cli("put", "--recursive", "tree", "--prefix", "tree").failed(1, "sub/a-b");

    assertThat(gateway.cli("ls").ok().out()).doesNotContain("tree/");
  }

  @Test
  void aWrongTokenIsRefused() throws IOException {
    Path other = Files.createDirectories(gateway.folder.resolve("other-home/run")).getParent();
    Files.copy(gateway.home.resolve("run/gateway.json"), other.resolve("run/gateway.json"));
    Files.createDirectories(other.resolve("conf"));
    Files.writeString(other.resolve("conf/token"), "0".repeat(64));

    gateway.cli("ls", "--home", other.toString(), "--json").failedWith("UNAUTHORIZED", "token");
    gateway
        .cli("put", "kept", "--name", "sneaked", "--home", other.toString(), "--json")
        .failedWith("UNAUTHORIZED", "token");
    gateway.cli("show", "sneaked").failed(1);
  }

  @Test
  void bodiesThatAreCutOffLeaveNothing() throws Exception {
    gateway.cli("gc").ok();
    long before = gateway.json("stats").object().get("storedBytes").getAsLong();
    cutOff("cut-fixed", "Content-Length: 3000000\r\n\r\n", Content.random(6, 1_000_000));
    byte[] chunk = Content.random(7, 0x80000);
    cutOff("cut-chunked", "Transfer-Encoding: chunked\r\n\r\n80000\r\n", chunk);
    gateway.cli("wait", "idle").ok();
    gateway.cli("show", "cut-fixed").failed(1);
    gateway.cli("show", "cut-chunked").failed(1);
    gateway.cli("gc").ok();
    JsonObject stats = gateway.json("stats").object();
    assertThat(stats.get("storedBytes").getAsLong())
        .as("space of what was not acknowledged is reclaimed")
        .isEqualTo(before);
    assertThat(gateway.api().put("cut-fixed", chunk)).isEqualTo(201);
    gateway.cli("rm", "cut-fixed").ok();
    gateway.cli("gc").ok();
  }

  private static void cutOff(String name, String head, byte[] part) throws IOException {
    Api api = gateway.api();
    try (Socket socket = new Socket(api.url.getHost(), api.url.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("PUT /v1/artifacts?ref="
                  + name
                  + " HTTP/1.1\r\nHost: localhost\r\n"
                  + "Authorization: Bearer "
                  + api.token
                  + "\r\n"
                  + head)
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(part);
      out.flush();
    }
  }

  @Test
  void whatIsLargerThanTheRamCacheIsNotSwapped() {
    Content.randomFile(gateway.folder.resolve("huge"), 8, 5 << 20);
    gateway.cli("put", "huge").ok();

    gateway.json("swap", "huge").failedWith("TOO_LARGE_FOR_RAM", "huge");

    gateway.cli("get", "huge", "-o", "huge2").ok();
    assertThat(gateway.folder.resolve("huge2"))
        .hasSameBinaryContentAs(gateway.folder.resolve("huge"));
    gateway.cli("rm", "huge").ok();
  }

  @Test
  void aRamCacheFullOfLeasesNamesThem() {
    for (String name : List.of("first", "second", "third")) {
      Content.randomFile(gateway.folder.resolve(name), name.hashCode(), 1_500_000);
      gateway.cli("put", name).ok();
    }
    String first = gateway.json("swap", "first", "--pin").object().get("lease").getAsString();
    gateway.cli("swap", "second").ok();

    gateway.json("swap", "third").failedWith("RAM_FULL", "first", "second", "release");
    gateway.json("evict", "--all").failedWith("LEASED", "first:latest", "second:latest");

    gateway.cli("release", first).ok();
    gateway.cli("swap", "third").ok();
    gateway.cli("release", "second").ok();
    gateway.cli("release", "third").ok();
    gateway.cli("evict", "--all").ok();
    assertThat(gateway.cli("leases").ok().out().strip().lines()).hasSize(1);
  }

  @Test
  void aSecondGatewayOnTheSameHomeIsRefused() {
    List<String> command = gateway.commandLine("start", "--foreground");
    Result second = Command.run(gateway.folder, gateway.environment(), command);
    second.failed(1, gateway.home.toString());
    assertThat(gateway.cli("start").ok().out()).contains("already running");
  }

  @Test
  void aSecondGatewayOnTheSameRamFolderIsRefused() {
    try (Gateway second = new Gateway()) {
      second.set("LARDER_RAM", gateway.ram.toString());
      second.cli("start").failed(1, gateway.ram.toString());
    }
    gateway.cli("swap", "kept", "--lease", "1ms").ok();
  }

  @Test
  void aRamFolderOfSomeoneElseIsRefused() throws IOException {
    assumeTrue(Machine.isRoot(), "only root can give a folder away");
    try (Gateway other = new Gateway()) {
      Files.createDirectories(other.ram);
      Command.tool("chown", "65534", other.ram.toString());
      other.cli("start").failed(1, other.ram.toString(), "belongs to");
    }
  }

  @Test
  void wrongUsageIsTwo() {
    List<String[]> wrong = new ArrayList<>();
    wrong.add(new String[] {});
    wrong.add(new String[] {"fly"});
    wrong.add(new String[] {"ls", "--fly"});
    wrong.add(new String[] {"start", "--fly"});
    wrong.add(new String[] {"start", "--port", "x"});
    wrong.add(new String[] {"swap", "kept", "--timeout", "soon"});
    wrong.add(new String[] {"put", "-"});
    wrong.add(new String[] {"put", "kept", "--name", ""});
    for (String[] arguments : wrong) {
      gateway.cli(arguments).failed(2);
    }
  }
}
