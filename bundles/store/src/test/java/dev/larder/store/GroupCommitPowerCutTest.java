package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Many clients share forces. A commit is acknowledged only when a force has ended that began after
 * its records were appended: at any moment, a power cut that forgets all that was not forced by
 * then leaves everything that had been acknowledged.
 */
class GroupCommitPowerCutTest {

  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int CLIENTS = 12;
  private static final int CUTS = LONG ? 600 : 25;
  private static final long FORCE_NANOS = 300_000;

  private final MemoryDisk disk = new MemoryDisk();
  private final Bench bench = new Bench(4 << 10);
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Map<Digest, byte[]> acknowledged = new ConcurrentHashMap<>();

  /** What had been acknowledged before the power went, and what was left. */
  private record PowerCut(Set<Digest> acknowledged, MemoryDisk left) {}

  @AfterEach
  void close() throws InterruptedException {
    stop.set(true);
    clients.shutdown();
    assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    bench.close();
  }

  @Test
  void whatIsAcknowledgedWasForcedAfterItWasAppended() throws Exception {
    disk.forceNanos = FORCE_NANOS;
    Random random = new Random(1);
    long forces;
    List<PowerCut> cuts = new ArrayList<>();
    try (Volume volume = bench.open(disk)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        running.add(clients.submit(() -> putAgainAndAgain(volume, client)));
      }
      for (int i = 0; i < CUTS; i++) {
        Thread.sleep(5 + random.nextInt(20));
        Set<Digest> before = Set.copyOf(acknowledged.keySet());
        cuts.add(new PowerCut(before, disk.copy()));
        if (cuts.size() == 25) {
          requireAll(cuts, random);
          cuts.clear();
        }
      }
      stop.set(true);
      for (Future<?> client : running) {
        client.get();
      }
      forces = disk.forces.get();
    }
    requireAll(cuts, random);
    assertThat(acknowledged.size()).as("commits that shared forces").isGreaterThan((int) forces);
  }

  private Void putAgainAndAgain(Volume volume, int client) throws IOException {
    for (int i = 0; !stop.get() && acknowledged.size() < 20_000; i++) {
      byte[] content = Bench.text(200 + i % 700, client * 1_000_003L + i);
      acknowledged.put(bench.put(volume, content), content);
    }
    return null;
  }

  private void requireAll(List<PowerCut> cuts, Random random) throws IOException {
    for (PowerCut cut : cuts) {
      cut.left().powerCut(MemoryDisk.Cut.DROP, random);
      try (Volume volume = bench.open(cut.left())) {
        for (Digest digest : cut.acknowledged()) {
          assertThat(volume.artifact(digest)).as("acknowledged: " + digest).isPresent();
        }
        for (Digest digest : cut.acknowledged().stream().limit(20).toList()) {
          assertThat(Bench.get(volume, digest)).isEqualTo(acknowledged.get(digest));
        }
      }
    }
  }
}
