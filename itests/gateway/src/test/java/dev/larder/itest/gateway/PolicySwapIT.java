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

/** The cache policy is changed under load, among all that are installed. */
class PolicySwapIT {
  private static final int CLIENTS = 8;
  private static final int ARTIFACTS = 12;
  private static final int CHANGES = 1000;
  private static final long STEADY_MILLIS = 2_000;

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
    List<String> names = policies(api);
    String mark = mark(api);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicLong swaps = new AtomicLong();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> running = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      long seed = client;
      running.add(clients.submit(() -> swapUntil(enough, seed, swaps, failures)));
    }

    for (int i = 0; i < ARTIFACTS; i++) { // all are in RAM from here on
      api.call("POST", "/v1/swaps", swap(i));
    }
    String changing = mark(api);
    for (int i = 0; i < CHANGES; i++) {
      use(api, names.get(i % names.size()));
    }
    JsonElement during = fromRam(api.get("/v1/stats?since=" + changing));
    use(api, "lru");
    String steady = mark(api); // only now is the gateway warm
    Thread.sleep(STEADY_MILLIS);
    JsonElement after = fromRam(api.get("/v1/stats?since=" + steady));
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
        .isEqualTo(swaps.get() + ARTIFACTS);
    // Speed is reported and not asserted: other work on the machine must not make a test fail.
    System.out.println(
        CHANGES
            + " changes among "
            + names
            + " during "
            + swaps.get()
            + " swaps of "
            + CLIENTS
            + " clients; from RAM, milliseconds: during the changes "
            + during
            + ", steady afterwards "
            + after);
  }

  /** All but the built-in one, which nobody has to choose. */
  private static List<String> policies(Api api) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonElement policy : api.get("/v1/policies/cache").getAsJsonArray()) {
      if (!policy.getAsJsonObject().get("bundle").getAsString().equals("built-in")) {
        names.add(policy.getAsJsonObject().get("name").getAsString());
      }
    }
    assertThat(names).contains("lru", "lfu");
    return names;
  }

  private static void use(Api api, String name) throws IOException {
    api.call("PUT", "/v1/policies/cache", "{\"name\":\"" + name + "\"}");
  }

  private static String mark(Api api) throws IOException {
    return api.get("/v1/stats").getAsJsonObject().get("mark").getAsString();
  }

  private static JsonElement fromRam(JsonElement stats) {
    return stats.getAsJsonObject().getAsJsonObject("swaps").get("RAM");
  }

  private static String swap(int artifact) {
    return "{\"reference\":\"model-"
        + artifact
        + "\",\"leaseSeconds\":0.05,\"timeoutMillis\":20000}";
  }

  private void swapUntil(
      AtomicBoolean enough, long seed, AtomicLong swaps, Queue<String> failures) {
    SplittableRandom random = new SplittableRandom(seed);
    Api api = gateway.api();
    while (!enough.get()) {
      try {
        var answer =
            api.send(
                "POST",
                "/v1/swaps",
                java.net.http.HttpRequest.BodyPublishers.ofString(swap(random.nextInt(ARTIFACTS))));
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
}
