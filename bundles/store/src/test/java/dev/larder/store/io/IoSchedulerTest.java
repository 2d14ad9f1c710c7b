package dev.larder.store.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IoSchedulerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AtomicLong now = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger depth = new AtomicInteger(1);
  private final IoScheduler scheduler =
      new IoScheduler("volume v", depth::get, PATIENCE, threads, now::get);

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdown();
    callers.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private <T> T call(Lane lane, IoScheduler.Read<T> read) throws IOException {
    return scheduler.call(lane, Cancellation.NEVER, read, ended::incrementAndGet);
  }

  private CompletableFuture<Integer> later(Lane lane, IoScheduler.Read<Integer> read) {
    CompletableFuture<Integer> result = new CompletableFuture<>();
    callers.execute(
        () -> {
          try {
            result.complete(call(lane, read));
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** A read that is under way until it is told to go on. */
  private final class Slow {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<Integer> result =
        later(
            Lane.SWAP,
            () -> {
              begun.countDown();
              await(goOn);
              return 1;
            });

    Slow() {
      await(begun);
    }

    void end() throws Exception {
      goOn.countDown();
      assertThat(result.get()).isEqualTo(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitWaiting(int count) throws InterruptedException {
    while (scheduler.waiting() < count) {
      Thread.sleep(1);
    }
  }

  @Test
  void answersAndFailuresAreTheReads() throws IOException {
    assertThat(call(Lane.PUT, () -> 7)).isEqualTo(7);
    assertThatThrownBy(
            () ->
                call(
                    Lane.PUT,
                    () -> {
                      throw new IOException("scratched");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("scratched");
    assertThat(ended).hasValue(2);
  }

  @Test
  void theMostUrgentGoesFirst() throws Exception {
    List<Lane> order = Collections.synchronizedList(new ArrayList<>());
    Slow slow = new Slow();
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    Lane[] lanes = {Lane.SCRUB, Lane.MIGRATION, Lane.PREFETCH, Lane.PUT, Lane.SWAP};
    for (Lane lane : lanes) {
      results.add(later(lane, () -> order.add(lane) ? 1 : 0));
      awaitWaiting(results.size());
    }
    slow.end();
    for (CompletableFuture<Integer> result : results) {
      result.get();
    }
    assertThat(order).containsExactly(Lane.values());
  }

  @Test
  void theLeastUrgentStarvesUnderNoLoad() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Integer>> urgent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      urgent.add(
          CompletableFuture.supplyAsync(
              () -> {
                int count = 0;
                while (!stop.get()) {
                  try {
                    count += call(Lane.SWAP, () -> 1);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                }
                return count;
              },
              callers));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(call(Lane.SCRUB, () -> 1)).isEqualTo(1);
    }
    stop.set(true);
    for (CompletableFuture<Integer> result : urgent) {
      assertThat(result.get()).isPositive();
    }
  }

  @Test
  void noMoreAreUnderWayThanTheMediumTakes() throws Exception {
    depth.set(3);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      results.add(
          later(
              Lane.values()[i % 5],
              () -> {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                Thread.yield();
                return underWay.decrementAndGet();
              }));
    }
    for (CompletableFuture<Integer> result : results) {
      result.get();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(ended).hasValue(64);
  }

  @Test
  void whoNoLongerWantsToWaitDoesNot() throws Exception {
    Slow slow = new Slow();
    AtomicBoolean cancelled = new AtomicBoolean();
    AtomicBoolean read = new AtomicBoolean();
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () ->
                assertThatThrownBy(
                        () ->
                            scheduler.call(
                                Lane.SWAP,
                                cancelled::get,
                                () -> read.getAndSet(true),
                                ended::incrementAndGet))
                    .isInstanceOf(CancellationException.class),
            callers);
    awaitWaiting(1);
    cancelled.set(true);
    waiting.get();
    assertThat(ended).hasValue(1);
    slow.end();
    assertThat(read).isFalse();
  }

  @Test
  void aMediumThatHangsFailsAllUntilItAnswers() throws Exception {
    Slow slow = new Slow();
    CompletableFuture<Integer> behind = later(Lane.SWAP, () -> 2);
    awaitWaiting(1);
    assertThat(scheduler.hangs()).isFalse();
    now.addAndGet(PATIENCE.toNanos() + 1);
    assertThat(scheduler.hangs()).isTrue();
    assertThatThrownBy(behind::get).hasCauseInstanceOf(MediumHungException.class);
    assertThatThrownBy(slow.result::get).hasCauseInstanceOf(MediumHungException.class);
    assertThatThrownBy(() -> call(Lane.PUT, () -> 3))
        .isInstanceOfSatisfying(
            MediumHungException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
        .hasMessageContaining("volume v has not answered for 5000 ms");
    assertThat(ended).hasValue(2); // not of the read that hangs
    slow.goOn.countDown();
    while (scheduler.hangs()) {
      Thread.sleep(1);
    }
    assertThat(call(Lane.SWAP, () -> 4)).isEqualTo(4);
    assertThat(ended).hasValue(4);
  }

  @Test
  void whoGivesUpJustAsTheMediumAnswersDoesNotWaitForEver() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Thread impatient = Thread.currentThread();
    IoScheduler blinking =
        new IoScheduler(
            "volume v",
            depth::get,
            PATIENCE,
            threads,
            // Queued, let in, and then for one look it seems to hang.
            () ->
                Thread.currentThread() == impatient && looks.incrementAndGet() == 3
                    ? PATIENCE.toNanos() + 1
                    : 0);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<Integer> first =
        callers.submit(
            () ->
                blinking.call(
                    Lane.SWAP,
                    Cancellation.NEVER,
                    () -> {
                      begun.countDown();
                      await(goOn);
                      return 1;
                    },
                    ended::incrementAndGet));
    await(begun);
    assertThatThrownBy(
            () -> blinking.call(Lane.SCRUB, Cancellation.NEVER, () -> 2, ended::incrementAndGet))
        .isInstanceOf(MediumHungException.class);
    assertThat(ended).hasValue(1);
    goOn.countDown();
    assertThat(first.get()).isEqualTo(1);
    assertThat(ended).hasValue(2);
  }

  @Test
  void aReadThatNoThreadTakesFailsAndIsEnded() {
    IoScheduler ending =
        new IoScheduler(
            "volume v",
            depth::get,
            PATIENCE,
            task -> {
              throw new RejectedExecutionException("the gateway ends");
            },
            now::get);
    assertThatThrownBy(
            () -> ending.call(Lane.SWAP, Cancellation.NEVER, () -> 1, ended::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(ended).hasValue(1);
    assertThat(ending.waiting()).isZero();
  }

  @Test
  void readsOnTheCallersThreadNeedNoOther() throws IOException {
    IoScheduler plain = new IoScheduler("volume v", depth::get, PATIENCE, Runnable::run, now::get);
    Thread own = Thread.currentThread();
    assertThat(
            plain.call(
                Lane.SWAP, Cancellation.NEVER, Thread::currentThread, ended::incrementAndGet))
        .isSameAs(own);
  }
}
