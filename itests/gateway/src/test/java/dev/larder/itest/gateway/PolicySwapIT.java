package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cache policy is changed under load. */
class PolicySwapIT {
  private static final int CLIENTS = 4;
  private static final int ARTIFACTS = 12;
  private static final int CHANGES = 1000;

  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway = new Gateway().set("LARDER_RAM_LIMIT", "64m").start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aThousandChangesFailNoSwapAndEvictNothing() throws Exception {
    Api api = gateway.api();
    for (int i = 0; i < ARTIFACTS; i++) {
      assertThat(api.put("model-" + i, Content.random(i, 300_000 + i * 50_000))).isEqualTo(201);
    }
    String mark = api.get("/v1/stats").getAsJsonObject().get("mark").getAsString();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicLong swaps = new AtomicLong();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> running = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      long seed = client;
      running.add(clients.submit(() -> swapUntil(enough, seed, swaps, failures)));
    }

    for (int i = 0; i < CHANGES; i++) {
      String name = i % 2 == 0 ? "lfu" : "lru";
      api.call("PUT", "/v1/policies/cache", "{\"name\":\"" + name + "\"}");
    }
    enough.set(true);
    for (Future<?> client : running) {
      client.get();
    }
    clients.shutdown();

    assertThat(failures).isEmpty();
    JsonObject stats = api.get("/v1/stats?since=" + mark).getAsJsonObject();
    JsonObject cache = stats.getAsJsonObject("cache");
    assertThat(cache.get("policy").getAsString()).isEqualTo("lru");
    cache
        .getAsJsonObject("evictions")
        .asMap()
        .forEach((cause, count) -> assertThat(count.getAsLong()).as(cause).isZero());
    assertThat(cache.get("hits").getAsLong() + cache.get("misses").getAsLong())
        .isEqualTo(swaps.get());
    report(swaps.get(), stats);
  }

  private void swapUntil(
      AtomicBoolean enough, long seed, AtomicLong swaps, Queue<String> failures) {
    SplittableRandom random = new SplittableRandom(seed);
    Api api = gateway.api();
    while (!enough.get()) {
      String reference = "model-" + random.nextInt(ARTIFACTS);
      try {
        var answer =
            api.send(
                "POST",
                "/v1/swaps",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    "{\"reference\":\""
                        + reference
                        + "\",\"leaseSeconds\":0.05,"
                        + "\"timeoutMillis\":20000}"));
        if (answer.statusCode() == 200) {
          swaps.incrementAndGet();
        } else {
          failures.add(answer.statusCode() + " " + answer.body());
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  /** Speed is reported and not asserted: other work on the machine must not make a test fail. */
  private static void report(long swaps, JsonObject stats) {
    JsonElement ram = stats.getAsJsonObject("swaps").get("RAM");
    System.out.println(
        CHANGES + " changes of policy during " + swaps + " swaps; from RAM, milliseconds: " + ram);
  }
}
