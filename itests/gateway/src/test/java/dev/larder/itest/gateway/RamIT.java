package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The RAM cache over stops, kills and on a small tmpfs. */
class RamIT {
  private static final int MODELS = 6;
  private static final int SIZE = 3_000_000;
  private static final long LIMIT = 10_000_000; // three models: swaps evict

  private final Map<String, String> contents = new TreeMap<>();
  private Gateway gateway;

  @BeforeEach
  void make() {
    gateway = new Gateway();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private void put(int models, int size) throws IOException {
    for (int number = 0; number < models; number++) {
      byte[] content = Content.random(number, size);
      assertThat(gateway.api().put("m" + number + ":v", content)).isEqualTo(201);
      contents.put("m" + number + ":v", Content.sha256(content));
    }
  }

  private JsonObject swap(int number) {
    return gateway.json("swap", "m" + number + ":v", "--timeout", "20s").object();
  }

  @Test
  void whatIsInRamIsThereAfterAStopAndAfterAKill() throws Exception {
    gateway.start();
    put(2, SIZE);
    swap(0);
    gateway.stop();
    assertThat(Trees.files(gateway.ram.resolve("blobs"))).hasSize(1);
    gateway.start();
    assertThat(swap(0).get("level").getAsString()).isEqualTo("RAM");
    swap(1);
    gateway.kill();
    gateway.start();
    gateway.cli("wait", "idle").ok();
    for (int number = 0; number < 2; number++) {
      JsonObject swapped = swap(number);
      assertThat(swapped.get("level").getAsString()).isEqualTo("RAM");
      assertThat(swapped.get("bytesRead").getAsLong()).isZero();
    }
    check();
  }

  @Test
  void killsInTheMiddleOfSwapsAndEvictionsLeaveNoGarbage() throws Exception {
    gateway.set("LARDER_RAM_LIMIT", String.valueOf(LIMIT)).start();
    put(MODELS, SIZE);
    int rounds = Boolean.getBoolean("larder.long") ? 40 : 4;
    for (int round = 0; round < rounds; round++) {
      AtomicBoolean dead = new AtomicBoolean();
      AtomicInteger done = new AtomicInteger();
      Api api = gateway.api();
      CompletableFuture<Void> client = CompletableFuture.runAsync(() -> swaps(api, dead, done));
      while (done.get() <= MODELS && !client.isDone()) {
        Thread.sleep(5);
      }
      Thread.sleep(37L * (round % 11)); // somewhere in the middle of what comes next
      gateway.kill();
      dead.set(true);
      client.get();
      assertThat(done).as("swaps before the kill").hasValueGreaterThan(MODELS);
      gateway.start();
      gateway.cli("wait", "idle").ok();
      check();
    }
  }

  /** Each evicts another and lets two links move: one of its own, one that all share. */
  private static void swaps(Api api, AtomicBoolean dead, AtomicInteger done) {
    try {
      while (!dead.get()) {
        String reference = "m" + done.get() % MODELS + ":v";
        api.call("POST", "/v1/tags", tag(reference));
        for (String each : new String[] {reference, "live:now"}) {
          api.call("POST", "/v1/swaps", "{\"reference\":\"" + each + "\",\"timeoutMillis\":9000}");
          api.call("DELETE", "/v1/leases?ref=" + each, "");
        }
        done.incrementAndGet();
      }
    } catch (UncheckedIOException e) {
      return; // killed
    }
  }

  private static String tag(String reference) {
    return "{\"reference\":\"" + reference + "\",\"alias\":\"live:now\"}";
  }

  /** All that is in the folder is in the books, is what it says, and has links that lead to it. */
  private void check() throws IOException {
    assertThat(Trees.files(gateway.ram.resolve("tmp"))).isEmpty();
    long bytes = 0;
    Set<String> digests = new HashSet<>();
    for (Path file : Trees.files(gateway.ram.resolve("blobs"))) {
      assertThat(Content.sha256(file)).isEqualTo(file.getFileName().toString());
      bytes += Files.size(file);
      digests.add(file.getFileName().toString());
    }
    assertThat(contents.values()).containsAll(digests);
    JsonObject cache = gateway.json("stats").object().getAsJsonObject("cache");
    assertThat(cache.get("usedBytes").getAsLong()).isEqualTo(bytes);
    assertThat(bytes).isLessThanOrEqualTo(cache.get("limitBytes").getAsLong());
    try (var links = Files.walk(gateway.ram.resolve("active"))) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        assertThat(digests).contains(link.toRealPath().getFileName().toString());
      }
    }
  }

  @Test
  void aSmallTmpfsThatOthersFillIsATypedErrorAndTheGatewayGoesOn() throws Exception {
    assumeTrue(Machine.isRoot(), "only root can mount a file system");
    Path shm = gateway.ram.getParent();
    assumeTrue(
        Command.works("mount", "-t", "tmpfs", "-o", "size=64m", "larder-it", shm.toString()));
    try {
      gateway.start();
      put(2, 20_000_000);
      byte[] large = Content.random(99, 60_000_000);
      assertThat(gateway.api().put("large:v", large)).isEqualTo(201);
      fails("large:v", "TOO_LARGE_FOR_RAM");
      swap(0);
      fill(shm.resolve("other"));
      fails("m1:v", "RAM_FULL");
      assertThat(swap(0).get("level").getAsString()).isEqualTo("RAM");
      Files.delete(shm.resolve("other"));
      assertThat(swap(1).get("level").getAsString()).isEqualTo("STORAGE");
      check();
      gateway.stop();
    } finally {
      Command.works("umount", "-l", shm.toString());
    }
  }

  private void fails(String reference, String code) {
    gateway.json("swap", reference, "--timeout", "40s").failedWith(code);
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 1_000; i++) {
        out.write(new byte[1 << 18]);
      }
      throw new AssertionError("it is not full");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
