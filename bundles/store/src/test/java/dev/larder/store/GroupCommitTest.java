package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** What a put costs in forces, and how clients share them, on a medium whose force takes 5 ms. */
@Timeout(60)
class GroupCommitTest {

  private static final int CLIENTS = 64;
  private static final long FORCE_NANOS = 5_000_000;
  private static final int BYTES = 1024;

  private final Bench bench = new Bench();
  private final MemoryDisk disk = new MemoryDisk(1L << 30);
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

  @AfterEach
  void end() {
    clients.shutdownNow();
    bench.close();
  }

  private record Run(int puts, long forces, double seconds) {
    double rate() {
      return puts / seconds;
    }
  }

  private Run run(Volume volume, int threads, int putsEach, long seed) throws Exception {
    long forces = volume.statistics().forces();
    long started = System.nanoTime();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int client = 0; client < threads; client++) {
      long own = seed + client * 10_000L;
      tasks.add(
          () -> {
            for (int i = 0; i < putsEach; i++) {
              bench.put(volume, Bench.random(BYTES, own + i));
            }
            return null;
          });
    }
    for (Future<Void> done : clients.invokeAll(tasks)) {
      done.get();
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Run(threads * putsEach, volume.statistics().forces() - forces, seconds);
  }

  @Test
  void aPutTakesOneForceAndOneMoreForEachPackThatIsSealed() throws Exception {
    MemoryDisk small = new MemoryDisk(256L << 20); // packs of 1 MiB
    try (Volume volume = bench.open(small)) {
      int puts = 40;
      for (int i = 0; i < puts; i++) {
        bench.put(volume, Bench.random(100_000, i));
      }
      long sealed = volume.statistics().packs() - 1;
      assertThat(sealed).isPositive();
      assertThat(volume.statistics().forces()).isEqualTo(puts + sealed);
      assertThat(small.forces.get()).isEqualTo(puts + sealed);
    }
  }

  @Test
  void sixtyFourClientsShareForces() throws Exception {
    try (Volume volume = bench.open(disk)) {
      run(volume, CLIENTS, 30, 1_000_000_000L); // while the compiler is at work
      disk.forceNanos = FORCE_NANOS;
      Run one = run(volume, 1, 100, 2_000_000_000L);
      Run many = run(volume, CLIENTS, 50, 3_000_000_000L);
      assertThat(one.forces()).isEqualTo(one.puts());
      // How much faster they are is measured and not asserted: other work must not fail a test.
      assertThat(many.forces()).isLessThan(many.puts() / 15);
      System.out.printf(
          "one client %.0f puts/s, %d clients %.0f puts/s (%.1f times) with %.1f puts a force%n",
          one.rate(),
          CLIENTS,
          many.rate(),
          many.rate() / one.rate(),
          (double) many.puts() / many.forces());
    }
  }

  /** Appends that waited for a force came too late for the next one. */
  @Test
  void appendsDoNotWaitForAForceThatIsUnderWay() throws Exception {
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(BYTES, 1));
      CountDownLatch forcing = new CountDownLatch(1);
      CountDownLatch staged = new CountDownLatch(1);
      disk.fault =
          operation -> {
            if (operation.equals("force")) {
              disk.fault = next -> {};
              forcing.countDown();
              awaitQuietly(staged);
            }
          };
      Future<?> first = clients.submit(() -> bench.put(volume, Bench.random(BYTES, 2)));
      assertThat(forcing.await(20, TimeUnit.SECONDS)).isTrue();
      try (StagedArtifact second = bench.stage(volume, Bench.random(BYTES, 3))) {
        staged.countDown();
        volume.commit(List.of(new Change.Add(second)));
      }
      first.get();
      assertThat(volume.artifacts()).hasSize(3);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nothing was appended while a force was under way");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
