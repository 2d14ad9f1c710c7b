package dev.larder.tiering.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.larder.tiering.plugin.PluginListener.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PluginRegistryTest {

  private final List<String> drained = new ArrayList<>();
  private final PluginRegistry<Object> registry =
      new PluginRegistry<>("thing", Duration.ofMillis(50), s -> drained.add(s.toString()));

  @Test
  void leasesWhatIsRegisteredUnderTheName() {
    registry.added("a", "service", "bundle 1.0", 3);
    try (PluginLease<Object> lease = registry.lease("a").orElseThrow()) {
      assertThat(lease.service()).isEqualTo("service");
      assertThat(lease.name()).isEqualTo("a");
      assertThat(lease.bundle()).isEqualTo("bundle 1.0");
    }
    assertThat(registry.lease("b")).isEmpty();
    assertThat(registry.names()).containsExactly("a");
    assertThat(registry.plugins()).containsExactly(new PluginInfo("a", "bundle 1.0", 3, true));
  }

  @Test
  void highestRankingIsCurrentAndTheNewestOfEquals() {
    registry.added("a", "low", "b", 0);
    registry.added("a", "high", "b", 5);
    assertThat(current()).isEqualTo("high");
    registry.added("a", "lower", "b", -1);
    assertThat(current()).isEqualTo("high");
    registry.added("a", "newer", "b", 5);
    assertThat(current()).isEqualTo("newer");
    registry.removed("newer");
    assertThat(current()).isEqualTo("high");
    registry.removed("high");
    assertThat(current()).isEqualTo("low");
  }

  private Object current() {
    try (PluginLease<Object> lease = registry.lease("a").orElseThrow()) {
      return lease.service();
    }
  }

  @Test
  void replacedPluginFinishesItsCallsAndIsThenDrained() {
    registry.added("a", "old", "b", 0);
    PluginLease<Object> call = registry.lease("a").orElseThrow();
    registry.added("a", "new", "b", 0);
    assertThat(current()).isEqualTo("new");
    assertThat(call.isStale()).isTrue();
    assertThat(drained).isEmpty();
    call.close();
    call.close(); // only the first time counts
    assertThat(drained).containsExactly("old");
  }

  @Test
  void aPluginThatBecomesCurrentAgainGetsANewGeneration() {
    registry.added("a", "old", "b", 0);
    registry.added("a", "new", "b", 0);
    registry.removed("new");
    assertThat(current()).isEqualTo("old");
    registry.removed("old");
    assertThat(registry.lease("a")).isEmpty();
    assertThat(registry.names()).isEmpty();
    assertThat(drained).contains("old", "new");
  }

  @Test
  void suitableButNotCurrentOnesCanBeLeased() {
    registry.added("a", "reads-v1", "b", 0);
    registry.added("a", "reads-v2", "b", 0);
    try (PluginLease<Object> lease =
        registry.lease("a", s -> s.toString().endsWith("v1")).orElseThrow()) {
      assertThat(lease.service()).isEqualTo("reads-v1");
    }
    assertThat(registry.lease("a", s -> false)).isEmpty();
  }

  @Test
  void removalWaitsForTheCallsUnderWay() throws Exception {
    PluginRegistry<Object> patient = new PluginRegistry<>("thing", Duration.ofSeconds(10));
    Object service = new Object();
    patient.added("a", service, "b", 0);
    PluginLease<Object> call = patient.lease("a").orElseThrow();
    CompletableFuture<Boolean> removal =
        CompletableFuture.supplyAsync(() -> patient.removed(service));
    while (patient.lease("a").map(this::closed).isPresent()) {
      Thread.onSpinWait();
    }
    assertThat(removal).isNotDone();
    call.close();
    assertThat(removal.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(patient.health()).isEmpty();
  }

  private PluginLease<Object> closed(PluginLease<Object> lease) {
    lease.close();
    return lease;
  }

  @Test
  void callsThatDoNotEndCountAsLeakedUntilTheyDo() {
    registry.added("a", "service", "bundle 1.0", 0);
    PluginLease<Object> call = registry.lease("a").orElseThrow();
    assertThat(registry.removed("service")).isFalse();
    assertThat(registry.health())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.subject()).isEqualTo("thing/a");
              assertThat(finding.finding()).contains("1 calls", "bundle 1.0");
            });
    assertThat(call.service()).isEqualTo("service"); // the holder finishes
    call.close();
    assertThat(registry.health()).isEmpty();
    assertThat(drained).containsExactly("service");
  }

  @Test
  void listenersCanLetGoOfLongLeasesBeforeTheDrainBegins() {
    registry.added("a", "driver", "b", 0);
    PluginLease<Object> held = registry.lease("a").orElseThrow();
    List<String> seen = new ArrayList<>();
    registry.listen(
        (change, plugin) -> {
          seen.add(change + " " + plugin.name());
          if (change == Change.REMOVED) {
            held.close();
          }
        });
    assertThat(registry.removed("driver")).isTrue();
    assertThat(seen).containsExactly("REMOVED a");
  }

  @Test
  void aListenerThatFailsHarmsNobody() {
    List<String> seen = new ArrayList<>();
    registry.listen(
        (change, plugin) -> {
          throw new IllegalStateException("expected in this test");
        });
    PluginRegistry.Handle handle = registry.listen((change, plugin) -> seen.add(plugin.name()));
    assertThatCode(() -> registry.added("a", "s", "b", 0)).doesNotThrowAnyException();
    handle.close();
    registry.added("b", "t", "b", 0);
    assertThat(seen).containsExactly("a");
  }

  @Test
  void unknownServicesAreIgnored() {
    assertThat(registry.removed("never added")).isTrue();
  }

  /** A service that knows whether it may still be called. */
  private static final class Guarded {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    void call(AtomicLong late) {
      calls.incrementAndGet();
      if (closed.get()) {
        late.incrementAndGet();
      }
      calls.decrementAndGet();
    }
  }

  @Test
  void noCallIsLostOrLateWhileGenerationsChangeUnderLoad() throws Exception {
    PluginRegistry<Guarded> guarded = new PluginRegistry<>("thing", Duration.ofSeconds(10));
    AtomicLong late = new AtomicLong();
    AtomicLong missing = new AtomicLong();
    AtomicLong done = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    guarded.added("a", new Guarded(), "b", -1);
    ExecutorService callers = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(callers.submit(() -> callUntil(stop, guarded, late, missing, done)));
    }
    for (int i = 0; i < 2_000; i++) {
      Guarded next = new Guarded();
      guarded.added("a", next, "b", 0);
      assertThat(guarded.removed(next)).isTrue();
      assertThat(next.calls).hasValue(0);
      next.closed.set(true);
    }
    stop.set(true);
    for (Future<?> caller : running) {
      caller.get(10, TimeUnit.SECONDS);
    }
    callers.shutdown();
    assertThat(late).hasValue(0);
    assertThat(missing).hasValue(0);
    assertThat(done.get()).isPositive();
  }

  private static void callUntil(
      AtomicBoolean stop,
      PluginRegistry<Guarded> registry,
      AtomicLong late,
      AtomicLong missing,
      AtomicLong done) {
    while (!stop.get()) {
      try (PluginLease<Guarded> lease = registry.lease("a").orElse(null)) {
        if (lease == null) {
          missing.incrementAndGet();
        } else {
          lease.service().call(late);
          done.incrementAndGet();
        }
      }
    }
  }

  @Test
  void drainIsReportedOnceForEachGeneration() throws Exception {
    ConcurrentHashMap<Object, AtomicInteger> counts = new ConcurrentHashMap<>();
    PluginRegistry<Object> counted =
        new PluginRegistry<>(
            "thing",
            Duration.ofSeconds(10),
            s -> counts.computeIfAbsent(s, x -> new AtomicInteger()).incrementAndGet());
    for (int i = 0; i < 500; i++) {
      Object service = new Object();
      counted.added("a", service, "b", 0);
      PluginLease<Object> lease = counted.lease("a").orElseThrow();
      CountDownLatch go = new CountDownLatch(1);
      Thread closer =
          new Thread(
              () -> {
                await(go);
                lease.close();
              });
      closer.start();
      go.countDown();
      assertThat(counted.removed(service)).isTrue();
      closer.join();
      assertThat(counts.get(service)).hasValue(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
