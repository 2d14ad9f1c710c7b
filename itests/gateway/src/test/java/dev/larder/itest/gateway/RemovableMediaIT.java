package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Media that are taken away from a running gateway, and come back elsewhere. */
class RemovableMediaIT {
  private Gateway gateway;
  private Path one;
  private Path two;

  @BeforeEach
  void start() {
    gateway = new Gateway().start();
    one = Content.randomFile(gateway.folder.resolve("one"), 1, 3 << 20);
    two = Content.randomFile(gateway.folder.resolve("two"), 2, 3 << 20);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private JsonObject tier(String name) {
    for (JsonElement tier : gateway.api().get("/v1/tiers").getAsJsonArray()) {
      if (tier.getAsJsonObject().get("name").getAsString().equals(name)) {
        return tier.getAsJsonObject();
      }
    }
    throw new AssertionError("no tier " + name);
  }

  private void awaitState(String name, String state) {
    await(name + " is " + state, () -> tier(name).get("state").getAsString().equals(state));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aFolderThatIsMovedAwayAndBack() throws IOException {
    Path card = Files.createDirectory(gateway.folder.resolve("card"));
    gateway.cli("put", "one", "--name", "m", "--tier", "local").ok();
    gateway.cli("tier", "add", "card", "--path", card.toString()).ok();
    gateway.cli("put", "two", "--name", "m", "--tier", "card").ok();
    gateway.cli("put", "one", "--name", "hot", "--tier", "card").ok();
    gateway.cli("put", "two", "--name", "doomed", "--tier", "card").ok();
    gateway.cli("swap", "hot").ok();
    gateway.cli("wait", "idle").ok();
    Path shelf = Files.move(card, gateway.folder.resolve("shelf"));
    awaitState("card", "ABSENT");

    gateway.json("get", "m", "-o", "x").failedWith("TIER_ABSENT", "card");
    gateway.json("put", "one", "--tier", "card").failedWith("TIER_ABSENT", "card");
    assertThat(gateway.json("put", "one").object().get("tier").getAsString()).isEqualTo("local");
    assertThat(gateway.json("swap", "hot").object().get("level").getAsString()).isEqualTo("RAM");
    assertThat(gateway.cli("tier", "ls").ok().out()).contains("absent");
    assertThat(gateway.cli("ls").ok().out()).contains("(card)");
    Result health = gateway.cli("health");
    assertThat(health.status()).isEqualTo(1);
    assertThat(health.err()).contains("tier/card: absent");
    gateway.cli("rm", "doomed").ok();

    // The newest content of m is on the card, and that is known without the catalog.
    gateway.stop();
    Trees.delete(gateway.home.resolve("catalog"));
    gateway.start();
    gateway.json("get", "m", "-o", "x").failedWith("TIER_ABSENT", "card");

    Files.move(shelf, card);
    awaitState("card", "READY");
    assertThat(gateway.api().digestOfContent("m")).isEqualTo(Content.sha256(two));
    gateway.json("show", "doomed").failedWith("NOT_FOUND");
  }

  @Test
  void aFileSystemThatIsMountedElsewhere() throws IOException {
    try (LoopDisk disk = LoopDisk.of(gateway.folder, 64)) {
      gateway.cli("tier", "add", "card", "--path", disk.folder.toString()).ok();
      gateway.cli("put", "one", "--name", "m", "--tier", "card").ok();
      gateway.cli("wait", "idle").ok();
      disk.pull(); // while its files are open
      awaitState("card", "ABSENT");
      gateway.json("get", "m", "-o", "x").failedWith("TIER_ABSENT", "card");
      gateway.cli("put", "two", "--name", "m", "--tier", "local").ok();
      disk.mountAt(Files.createDirectory(gateway.folder.resolve("another place")));
      awaitState("card", "READY");
      assertThat(tier("card").get("path").getAsString()).isEqualTo(disk.folder().toString());
      assertThat(gateway.api().digestOfContent("m")).isEqualTo(Content.sha256(two));
      gateway.cli("rollback", "m").ok();
      assertThat(gateway.api().digestOfContent("m")).isEqualTo(Content.sha256(one));

      // A copy of the disk beside it is refused, also at the start.
      gateway.stop();
      try (LoopDisk twin = disk.copy()) {
        gateway.start();
        gateway
            .json("tier", "add", "twin", "--path", twin.folder().toString())
            .failedWith("ALREADY_EXISTS", "copy");
        assertThat(gateway.api().digestOfContent("m")).isEqualTo(Content.sha256(one));
        gateway.stop();
      }
    }
  }

  @Test
  void aTierThatIsAwayForGoodIsForgotten() throws IOException {
    Path card = Files.createDirectory(gateway.folder.resolve("card"));
    gateway.cli("tier", "add", "card", "--path", card.toString()).ok();
    gateway.cli("put", "one", "--name", "gone", "--tier", "card").ok();
    gateway.cli("put", "two", "--name", "here", "--tier", "local").ok();
    gateway.cli("wait", "idle").ok();
    Files.move(card, gateway.folder.resolve("shelf"));
    awaitState("card", "ABSENT");
    gateway.json("tier", "rm", "card").failedWith("TIER_ABSENT", "card");
    assertThat(gateway.cli("tier", "rm", "card", "--forget").ok().out())
        .contains("1 reference can no longer be read", "gone:latest");
    gateway.json("show", "gone").failedWith("NOT_FOUND");
    gateway.restart();
    assertThat(gateway.json("tier", "ls").json().getAsJsonArray()).hasSize(1);
    gateway.cli("health").ok();
    assertThat(gateway.api().digestOfContent("here")).isEqualTo(Content.sha256(two));
  }
}
