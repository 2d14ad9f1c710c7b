package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AccessBufferTest {

  private final AccessBuffer buffer = new AccessBuffer();
  private final long[] keys = new long[10_000];
  private final boolean[] hits = new boolean[10_000];

  @Test
  void whatOneThreadNotesComesOutInItsOrder() {
    long in = 0;
    long out = 0;
    for (int round = 1; round < 300; round++) {
      for (int i = 0; i < round % 100; i++) {
        buffer.add(in, in % 3 == 0);
        in++;
      }
      int count = buffer.drain(keys, hits);
      for (int i = 0; i < count; i++) {
        assertThat(keys[i]).isEqualTo(out);
        assertThat(hits[i]).isEqualTo(out % 3 == 0);
        out++;
      }
      assertThat(out).isEqualTo(in);
    }
  }

  @Test
  void itAsksToBeDrainedAndLosesTheNewestWhenItIsNot() {
    int asked = 0;
    for (int i = 0; i < 10_000; i++) {
      asked += buffer.add(i, true) ? 1 : 0;
    }
    int count = buffer.drain(keys, hits);
    assertThat(count).isBetween(64, 1_024);
    assertThat(asked).isGreaterThanOrEqualTo(10_000 - count);
    for (int i = 0; i < count; i++) {
      assertThat(keys[i]).isEqualTo(i);
    }
    assertThat(buffer.drain(keys, hits)).isZero();
    assertThat(buffer.add(7, true)).isFalse();
  }

  @Test
  void itGivesOutPiecewiseWhatDoesNotFit() {
    for (int i = 0; i < 100; i++) {
      buffer.add(i, true);
    }
    long[] few = new long[30];
    boolean[] fewHits = new boolean[30];
    List<Long> all = new ArrayList<>();
    for (int count = buffer.drain(few, fewHits); count > 0; count = buffer.drain(few, fewHits)) {
      for (int i = 0; i < count; i++) {
        all.add(few[i]);
      }
    }
    assertThat(all).hasSize(100).isSorted();
  }

  /** Lost is allowed; twice, invented, torn or out of order is not. */
  @Test
  void underManyThreadsNothingIsInvented() throws Exception {
    int threads = 6;
    int each = 100_000;
    ExecutorService writers = Executors.newFixedThreadPool(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      long first = (long) thread << 32;
      running.add(
          writers.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  buffer.add(first + i, i % 2 == 0);
                }
              }));
    }
    boolean[][] seen = new boolean[threads][each];
    long total = 0;
    boolean writing = true;
    while (writing) {
      writing = running.stream().anyMatch(future -> !future.isDone());
      int count = buffer.drain(keys, hits);
      for (int i = 0; i < count; i++) {
        int thread = (int) (keys[i] >> 32);
        int number = (int) keys[i];
        assertThat(seen[thread][number]).isFalse();
        assertThat(hits[i]).isEqualTo(number % 2 == 0);
        seen[thread][number] = true;
      }
      total += count;
    }
    for (Future<?> writer : running) {
      writer.get();
    }
    writers.shutdown();
    assertThat(total).isPositive();
  }
}
