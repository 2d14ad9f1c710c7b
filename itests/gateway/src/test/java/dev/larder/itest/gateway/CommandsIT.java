package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exit status and JSON of every command, as the contract has them. */
class CommandsIT {
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = new Gateway().start();
    Content.randomFile(gateway.folder.resolve("m1"), 1, 200_000);
    Content.randomFile(gateway.folder.resolve("m2"), 2, 150_000);
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static void has(JsonElement object, String... fields) {
    assertThat(object.getAsJsonObject().keySet()).contains(fields);
  }

  private static JsonObject row(JsonElement array, String field, String value) {
    for (JsonElement row : array.getAsJsonArray()) {
      if (row.getAsJsonObject().get(field).getAsString().equals(value)) {
        return row.getAsJsonObject();
      }
    }
    throw new AssertionError("no row with " + field + " = " + value + " in " + array);
  }

  @Test
  void statusAndHealth() {
    JsonObject status = gateway.json("status").object();
    has(status, "ready", "uptimeMillis", "version", "url", "pid", "health");
    assertThat(status.get("ready").getAsBoolean()).isTrue();
    assertThat(status.get("pid").getAsLong()).isEqualTo(gateway.pid());
    assertThat(status.get("health").getAsJsonArray()).as("findings").isEmpty();
    assertThat(gateway.cli("status").ok().out()).contains("is ready at http://127.0.0.1:");
    has(gateway.json("health").object(), "ready", "health");
    assertThat(gateway.cli("health").ok().out()).isEqualTo("all is well\n");
    has(gateway.json("start").object(), "ready", "url", "pid");
  }

  @Test
  void artifactsFromPutToRm() throws IOException {
    JsonObject put = gateway.json("put", "m1", "--name", "a/model:v1").object();
    has(put, "reference", "digest", "size", "storedBytes", "newBlocks", "totalBlocks", "tier");
    assertThat(put.get("millis").getAsString()).matches("\\d+\\.\\d+");
    assertThat(put.get("size").getAsLong()).isEqualTo(200_000);
    JsonObject again = gateway.json("put", "m1", "--name", "a/model:v1").object();
    assertThat(again.get("newBlocks").getAsLong()).isZero();
    gateway.json("put", "m2", "--name", "a/model:v1", "--kind", "protocol").ok();

    JsonObject show = gateway.json("show", "a/model:v1").object();
    has(show, "digest", "size", "kind", "temperature", "replicas", "history", "reclaimableBytes");
    assertThat(show.get("size").getAsLong()).isEqualTo(150_000);
    assertThat(show.get("kind").getAsString()).isEqualTo("PROTOCOL_DATA");
    has(show.getAsJsonArray("replicas").get(0), "tier", "role", "storedBytes");
    assertThat(show.getAsJsonArray("history")).hasSizeGreaterThanOrEqualTo(2);

    JsonObject tagged = gateway.json("tag", "a/model:v1", "a/model:stable").object();
    assertThat(tagged.get("digest")).isEqualTo(show.get("digest"));
    JsonObject back = gateway.json("rollback", "a/model:v1").object();
    assertThat(back.get("digest")).isEqualTo(put.get("digest"));
    JsonObject got = gateway.json("get", "a/model:stable", "-o", "got").object();
    has(got, "digest", "size", "millis");
    assertThat(Files.mismatch(gateway.folder.resolve("got"), gateway.folder.resolve("m2")))
        .isEqualTo(-1);

    JsonElement list = gateway.json("ls").json();
    has(row(list, "reference", "a/model:stable"), "digest", "size", "kind", "tiers", "since");
    gateway.json("rm", "a/model:stable").ok();
    gateway.json("rm", "a/model:v1").ok();
    assertThat(gateway.cli("ls").ok().out()).doesNotContain("a/model");
    gateway.json("show", "a/model:v1").failedWith("NOT_FOUND", "a/model:v1");
    has(gateway.json("gc").object(), "artifacts", "blocks", "packs", "reclaimedBytes");
  }

  @Test
  void swapsAndLeases() {
    gateway.cli("put", "m1", "--name", "s").ok();
    JsonObject swap = gateway.json("swap", "s", "--lease", "1h").object();
    has(swap, "path", "digest", "size", "millis", "level", "bytesRead", "bytesReused", "lease");
    assertThat(swap.get("level").getAsString()).isEqualTo("STORAGE");
    Path path = Path.of(swap.get("path").getAsString());
    assertThat(gateway.cli("swap", "s", "--pin").ok().out()).isEqualTo(path + "\n");
    JsonArray leases = gateway.json("leases").json().getAsJsonArray();
    has(
        row(leases, "id", swap.get("lease").getAsString()),
        "reference",
        "digest",
        "remainingMillis");
    gateway.json("evict", "s").failedWith("LEASED", "s:latest");
    gateway.json("release", swap.get("lease").getAsString()).ok();
    gateway.json("release", "s").ok();
    has(gateway.json("evict", "--all").object(), "evicted", "leased");
    assertThat(path).doesNotExist();
    assertThat(
            Files.exists(
                gateway.ram.resolve("active/s:latest"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
        .isFalse();
    gateway.cli("rm", "s").ok();
  }

  @Test
  void aLeaseEndsWithItsProcess() throws Exception {
    gateway.cli("put", "m2", "--name", "p").ok();
    Process holder = new ProcessBuilder("sleep", "600").start();
    gateway.cli("swap", "p", "--pid", Long.toString(holder.pid())).ok();
    gateway.json("evict", "p").failedWith("LEASED", "p:latest");
    holder.destroyForcibly().waitFor();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!gateway.json("leases").json().getAsJsonArray().isEmpty()) {
      assertThat(System.nanoTime()).as("the lease should have ended").isLessThan(deadline);
      Thread.sleep(200);
    }
    gateway.cli("evict", "p").ok();
    gateway.cli("rm", "p").ok();
  }

  @Test
  void tiersAndMigration() throws IOException {
    JsonElement tiers = gateway.json("tier", "ls").json();
    JsonObject local = row(tiers, "name", "local");
    has(
        local,
        "name",
        "driver",
        "medium",
        "role",
        "state",
        "capacityBytes",
        "usedBytes",
        "artifacts",
        "readLatencyMicros",
        "bandwidthMBps",
        "bytesWritten",
        "measured",
        "writeMBps",
        "randomReadsPerSecond",
        "forceMicros",
        "queueDepth",
        "extentBytes",
        "lifeUsed",
        "findings");
    assertThat(local.get("measured").getAsBoolean()).isTrue();
    assertThat(local.get("state").getAsString()).isEqualTo("READY");
    gateway.json("tier", "add", "second", "--path", "second").failedWith("NOT_FOUND", "second");
    Path folder = Files.createDirectory(gateway.folder.resolve("second"));
    Files.createDirectory(gateway.folder.resolve("third"));
    gateway.json("tier", "add", "second", "--path", "second", "--driver", "sd").ok();
    gateway.json("tier", "add", "second", "--path", "third").failedWith("ALREADY_EXISTS", "second");
    assertThat(folder).isNotEmptyDirectory();

    gateway.cli("put", "m1", "--name", "t", "--tier", "second").ok();
    JsonObject moved = gateway.json("migrate", "t", "local").object();
    assertThat(moved.getAsJsonArray("replicas").get(0).getAsJsonObject().get("tier").getAsString())
        .isEqualTo("local");
    gateway.cli("put", "m2", "--name", "u", "--tier", "second").ok();
    gateway.json("tier", "rm", "second").ok();
    assertThat(gateway.cli("tier", "ls").ok().out()).contains("local").doesNotContain("second");
    assertThat(gateway.api().digestOfContent("u"))
        .as("a tier is drained before it is removed")
        .isEqualTo(Content.sha256(gateway.folder.resolve("m2")));
    gateway.cli("rm", "t").ok();
    gateway.cli("rm", "u").ok();
  }

  @Test
  void statsPoliciesBundlesAndMaintenance() {
    JsonObject stats = gateway.json("stats").object();
    has(
        stats,
        "mark",
        "artifacts",
        "logicalBytes",
        "storedBytes",
        "physicalBytes",
        "replicaBytes",
        "totalBlocks",
        "uniqueBlocks",
        "dedupSavedBytes",
        "compressionRatio",
        "totalRatio",
        "efficiency",
        "forces",
        "indexBytes",
        "cache",
        "swaps",
        "prefetch");
    has(stats.get("cache"), "policy", "hits", "misses", "byteHitRatio", "evictions");
    has(stats.get("prefetch"), "usefulBytes", "wastedBytes", "precision");
    String mark = stats.get("mark").getAsString();
    has(gateway.json("stats", "--since", mark).object(), "mark", "swaps");
    gateway.json("stats", "--since", "no-such-mark").failedWith("NOT_FOUND", "no-such-mark");

    JsonElement policies = gateway.json("policy", "ls").json();
    has(row(policies, "name", "lru"), "service", "name", "bundle", "active");
    gateway.json("policy", "use", "lfu").ok();
    assertThat(row(gateway.json("policy", "ls").json(), "name", "lfu").get("active").getAsBoolean())
        .isTrue();
    gateway.json("policy", "use", "best").failedWith("NOT_FOUND", "best");
    gateway.cli("policy", "use", "lru").ok();

    JsonElement bundles = gateway.json("bundle", "ls").json();
    JsonObject api = row(bundles, "symbolicName", "larder.api");
    has(api, "symbolicName", "version", "state", "signer");
    assertThat(api.get("state").getAsString()).isEqualTo("ACTIVE");

    has(gateway.json("scrub").object(), "blocks", "bad", "repaired");
    has(gateway.json("scrub", "local").object(), "blocks", "bad", "repaired");
    gateway.json("rebuild-catalog").ok();
    gateway.json("wait", "idle").ok();
    gateway.json("wait", "idle", "--timeout", "1m").ok();
  }

  @Test
  void withoutAGateway() {
    try (Gateway none = new Gateway()) {
      none.json("ls").failedWith("UNAVAILABLE", "no gateway is running", "larder start");
      none.json("status").failedWith("UNAVAILABLE", "no gateway is running");
      none.cli("stop").ok();
      assertThat(none.cli("--version").ok().out()).startsWith("larder ");
      assertThat(none.cli("--help").ok().out()).contains("Usage: larder");
      assertThat(none.cli("put", "--help").ok().out()).contains("Usage: larder put");
      assertThat(none.cli("start", "--help").ok().out()).contains("Usage: larder start");
    }
  }
}
