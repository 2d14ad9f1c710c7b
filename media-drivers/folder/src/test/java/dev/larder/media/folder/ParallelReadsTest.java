package dev.larder.media.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ParallelReadsTest {

  private static ParallelReads reads(Executor executor) {
    return new ParallelReads(executor, System::nanoTime, Cancellation.NEVER, 4096, 4096);
  }

  @Test
  void allReadersReadAtOnceEachIntoItsOwnBuffer() throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(3);
    Set<ByteBuffer> buffers =
        Collections.newSetFromMap(Collections.synchronizedMap(new IdentityHashMap<>()));
    Set<Long> numbers = ConcurrentHashMap.newKeySet();
    CyclicBarrier together = new CyclicBarrier(4);
    try {
      double rate =
          reads(executor)
              .run(
                  4,
                  4096,
                  0,
                  (buffer, number) -> {
                    assertThat(DirectIo.aligned(buffer, 0, 4096)).isTrue();
                    buffers.add(buffer);
                    numbers.add(number);
                    meet(together);
                  });
      assertThat(rate).isPositive();
      assertThat(buffers).hasSize(4);
      assertThat(numbers).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    } finally {
      executor.shutdownNow();
    }
  }

  private static void meet(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aReaderThatComesTooLateReadsNothing() throws IOException {
    Queue<Runnable> late = new ArrayDeque<>();
    AtomicInteger done = new AtomicInteger();
    reads(late::add).run(4, 4096, 0, (buffer, number) -> done.incrementAndGet());
    late.forEach(Runnable::run);
    assertThat(late).hasSize(3);
    assertThat(done).hasValue(1);
  }

  @Test
  void withoutWorkersTheCallerReadsAlone() throws IOException {
    AtomicInteger done = new AtomicInteger();
    reads(
            task -> {
              throw new RejectedExecutionException();
            })
        .run(4, 4096, 0, (buffer, number) -> done.incrementAndGet());
    assertThat(done).hasValue(1);
  }

  @Test
  void aFailureOfAnyReaderIsTold() {
    assertThatThrownBy(
            () ->
                reads(Runnable::run)
                    .run(
                        2,
                        4096,
                        0,
                        (buffer, number) -> {
                          if (number == 0) {
                            throw new IOException("broken");
                          }
                        }))
        .hasMessage("broken");
  }
}
