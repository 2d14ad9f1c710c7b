package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.SwapRequest;
import dev.larder.api.TierState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name is known from one tier while the tier that has its content is still being opened. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SlowStartTest {

  private static final byte[] ONE = Rig.model(1, 300_000);
  private static final byte[] TWO = Rig.model(2, 300_000);

  @TempDir Path folder;
  private final PullableDriver cards = new PullableDriver();
  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    cards.inserted();
    clients.shutdownNow();
  }

  @Test
  void requestsWaitForTheTierThatHasTheContent() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.core.close();
      rig.sd = cards;
      rig.start();
      rig.tier("card", "sd");
      rig.put("m", ONE, "local");
      rig.put("m", TWO, "card");
      assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
      rig.core.close();

      cards.openSlowly();
      rig.prepare();
      rig.core.start();
      rig.core.pluginsSettled();
      List<Future<?>> requests = new ArrayList<>();
      requests.add(request(() -> assertThat(rig.get("m")).isEqualTo(TWO)));
      requests.add(
          request(
              () ->
                  assertThat(rig.core.swapper().swap(SwapRequest.of(Rig.ref("m"))).size())
                      .isEqualTo(TWO.length)));
      requests.add(
          request(
              () -> assertThat(rig.core.store().show(Rig.ref("m")).size()).isEqualTo(TWO.length)));
      Thread.sleep(200);
      assertThat(requests).noneMatch(Future::isDone);
      cards.inserted();
      for (Future<?> request : requests) {
        request.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aCoreThatIsClosedWhileATierOpensLeavesNothingOpen() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.core.close();
      rig.sd = cards;
      rig.start();
      rig.tier("card", "sd");
      rig.put("m", ONE, "card");
      rig.core.close();

      cards.openSlowly();
      rig.prepare();
      rig.core.start();
      rig.core.pluginsSettled();
      Rig.await("local is open", () -> isReady(rig, "local"));
      CountDownLatch closed = new CountDownLatch(1);
      rig.onEvent = topic -> heldUpUntil(closed);
      Future<?> closing = clients.submit(rig.core::close);
      Thread.sleep(200);
      assertThat(closing).isNotDone();
      cards.inserted();
      closing.get(20, TimeUnit.SECONDS);

      rig.onEvent = topic -> {};
      rig.start();
      assertThat(rig.info("card").reason()).isEmpty();
      assertThat(rig.get("m")).isEqualTo(ONE);
      closed.countDown();
    }
  }

  private static boolean isReady(Rig rig, String tier) {
    return rig.core.tiers().tiers().stream()
        .anyMatch(info -> info.name().equals(tier) && info.state() == TierState.READY);
  }

  private static void heldUpUntil(CountDownLatch released) {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Future<?> request(Callable<?> request) {
    return clients.submit(request);
  }
}
