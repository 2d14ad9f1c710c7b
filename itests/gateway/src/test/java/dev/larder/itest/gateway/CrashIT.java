package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway is killed while clients put. */
class CrashIT {
  private static final int CLIENTS = 3;
  private static final int PUTS = 15;

  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway = new Gateway().start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void whatWasAcknowledgedSurvivesKill() throws Exception {
    Map<String, String> acknowledged = new ConcurrentHashMap<>();
    Map<String, String> begun = new ConcurrentHashMap<>();
    int rounds = Boolean.getBoolean("larder.long") ? 20 : 3;
    for (int round = 0; round < rounds; round++) {
      putUntilKilled(round, begun, acknowledged);
      gateway.start();
      check(begun, acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(rounds * PUTS);
    assertThat(gateway.json("scrub").object().get("bad").getAsLong()).isZero();
  }

  private void putUntilKilled(
      int round, Map<String, String> begun, Map<String, String> acknowledged) throws Exception {
    AtomicBoolean dead = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    for (int client = 0; client < CLIENTS; client++) {
      String prefix = "r" + round + "/c" + client + "/";
      clients.execute(() -> putUntil(dead, prefix, begun, acknowledged));
    }
    awaitAcknowledged("r" + round + "/", acknowledged);
    Thread.sleep(37L * (round % 7)); // somewhere in the middle of what comes next
    gateway.kill();
    dead.set(true);
    clients.shutdown();
    assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  private void awaitAcknowledged(String prefix, Map<String, String> acknowledged)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (acknowledged.keySet().stream().filter(name -> name.startsWith(prefix)).count() < PUTS) {
      assertThat(refused).isEmpty();
      assertThat(System.nanoTime()).as("puts are acknowledged").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private void putUntil(
      AtomicBoolean dead,
      String prefix,
      Map<String, String> begun,
      Map<String, String> acknowledged) {
    SplittableRandom random = new SplittableRandom(prefix.hashCode());
    Api api = gateway.api();
    for (int i = 0; !dead.get(); i++) {
      // Mostly small ones, now and then one of several packs' blocks.
      int size = random.nextInt(10) == 0 ? 3_000_000 : random.nextInt(200_000);
      byte[] content = Content.random(random.nextLong(), size);
      String reference = prefix + i + ":latest";
      String sha = Content.sha256(content);
      begun.put(reference, sha);
      try {
        int status = api.put(reference, content);
        if (status == 201) {
          acknowledged.put(reference, sha);
        } else {
          refused.add(reference + ": " + status);
        }
      } catch (IOException e) {
        return; // killed
      }
    }
  }

  /** All that was acknowledged is there, and whatever is visible is whole. */
  private void check(Map<String, String> begun, Map<String, String> acknowledged) {
    Map<String, String> listed = new ConcurrentHashMap<>();
    for (JsonElement row : gateway.json("ls").json().getAsJsonArray()) {
      JsonObject object = row.getAsJsonObject();
      listed.put(object.get("reference").getAsString(), object.get("digest").getAsString());
    }
    assertThat(listed).containsAllEntriesOf(acknowledged);
    assertThat(begun).containsAllEntriesOf(listed);
    Api api = gateway.api();
    listed.forEach((reference, sha) -> assertThat(api.digestOfContent(reference)).isEqualTo(sha));
  }
}
