package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConcurrencyTest {

  private final Bench bench = new Bench(16 << 10);
  private final MemoryDisk disk = new MemoryDisk(1L << 30);
  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    clients.shutdownNow();
    bench.close();
  }

  private void all(List<Callable<Void>> tasks) throws Exception {
    for (Future<Void> future : clients.invokeAll(tasks)) {
      future.get();
    }
  }

  @Test
  void commitsThatComeTogetherShareAForce() throws Exception {
    disk.forceNanos = 5_000_000;
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, new byte[10]);
      long before = volume.statistics().forces();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int client = i;
        tasks.add(
            () -> {
              for (int round = 0; round < 5; round++) {
                bench.put(volume, Bench.random(1000, client * 100 + round));
              }
              return null;
            });
      }
      all(tasks);
      long forces = volume.statistics().forces() - before;
      assertThat(volume.artifacts()).hasSize(321);
      assertThat(forces).as("forces for 320 puts").isBetween(5L, 64L);
    }
  }

  @Test
  void aPutTakesOneForce() throws Exception {
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 10; i++) {
        bench.put(volume, Bench.random(1000, i));
      }
      assertThat(volume.statistics().forces()).isEqualTo(10);
    }
  }

  @RepeatedTest(3)
  void manyPutsAtOnceOfTheSameAndOfOtherContent() throws Exception {
    try (Volume volume = bench.open(disk)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        int client = i;
        tasks.add(
            () -> {
              byte[] content = Bench.text(2_000_000 + client % 4, client % 8);
              Digest digest = bench.put(volume, content);
              assertThat(Bench.get(volume, digest)).isEqualTo(content);
              assertThat(Bench.getInOrder(volume, digest)).isEqualTo(content);
              return null;
            });
      }
      all(tasks);
      assertThat(volume.artifacts()).hasSize(8);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
    try (Volume volume = bench.open(disk)) {
      for (ArtifactEntry artifact : volume.artifacts()) {
        assertThat(Bench.digest(Bench.get(volume, artifact.digest()))).isEqualTo(artifact.digest());
      }
    }
  }

  @Test
  void worksWithoutAnyWorker() throws Exception {
    bench.workers.shutdownNow();
    byte[] content = Bench.text(3_000_000, 1);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
      assertThat(Bench.getInOrder(volume, digest)).isEqualTo(content);
    }
  }

  @Test
  void collectsWhilePutsAndReadsGoOn() throws Exception {
    Map<Digest, byte[]> kept = new ConcurrentHashMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 10; i++) {
        byte[] content = Bench.random(300_000, i);
        kept.put(bench.put(volume, content), content);
      }
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int client = i;
        tasks.add(() -> putAndAbandon(volume, kept, stop, client));
        tasks.add(() -> readAll(volume, kept, stop, reads));
      }
      tasks.add(() -> countAll(volume, kept, stop));
      tasks.add(
          () -> {
            try {
              for (int i = 0; i < 40; i++) {
                volume.collect(() -> new HashSet<>(kept.keySet()), Set::of, Cancellation.NEVER);
              }
            } finally {
              stop.set(true);
            }
            return null;
          });
      all(tasks);
      assertThat(reads.get()).isPositive();
      for (Map.Entry<Digest, byte[]> artifact : kept.entrySet()) {
        assertThat(Bench.get(volume, artifact.getKey())).isEqualTo(artifact.getValue());
      }
    }
    try (Volume volume = bench.open(disk)) {
      for (Map.Entry<Digest, byte[]> artifact : kept.entrySet()) {
        assertThat(Bench.get(volume, artifact.getKey())).isEqualTo(artifact.getValue());
      }
    }
    assertThat(disk.openFiles).isZero();
  }

  private Void putAndAbandon(
      Volume volume, Map<Digest, byte[]> kept, AtomicBoolean stop, int client) throws IOException {
    Random random = new Random(client);
    while (!stop.get()) {
      byte[] content = Bench.random(random.nextInt(400_000), random.nextInt(20));
      try (StagedArtifact staged = bench.stage(volume, content)) {
        if (random.nextInt(3) > 0) {
          if (random.nextInt(4) == 0) {
            kept.put(staged.digest(), content); // a root before it is committed: stays for ever
          }
          volume.commit(List.of(new Change.Add(staged)));
        }
      }
    }
    return null;
  }

  private static Void readAll(
      Volume volume, Map<Digest, byte[]> kept, AtomicBoolean stop, AtomicInteger reads)
      throws IOException {
    while (!stop.get()) {
      for (Map.Entry<Digest, byte[]> artifact : kept.entrySet()) {
        if (volume.artifact(artifact.getKey()).isPresent()) {
          assertThat(Bench.get(volume, artifact.getKey())).isEqualTo(artifact.getValue());
          reads.incrementAndGet();
        }
      }
    }
    return null;
  }

  /** Which reads the manifests of all, while they are moved. */
  private static Void countAll(Volume volume, Map<Digest, byte[]> kept, AtomicBoolean stop)
      throws IOException {
    while (!stop.get()) {
      for (Digest digest : kept.keySet()) {
        if (volume.artifact(digest).isPresent()) {
          assertThat(volume.exclusiveBytes(digest)).isNotNegative();
        }
      }
    }
    return null;
  }

  @Test
  void aCancelledReadAndAFailingSinkEndAtOnce() throws Exception {
    try (Volume volume = bench.open(disk)) {
      Manifest manifest = volume.manifest(bench.put(volume, Bench.random(20 << 20, 1)));
      assertThatThrownBy(
              () -> volume.read(manifest, 0, manifest.size(), (at, bytes) -> {}, () -> true))
          .isInstanceOf(CancellationException.class);
      AtomicInteger calls = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  volume.read(
                      manifest,
                      0,
                      manifest.size(),
                      (at, bytes) -> {
                        calls.incrementAndGet();
                        throw new IOException("sink is full");
                      },
                      Cancellation.NEVER))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("sink is full");
      assertThat(calls.get()).isLessThan(10);
    }
  }

  @Test
  void aCancelledPutLeavesNothing() throws Exception {
    try (Volume volume = bench.open(disk)) {
      AtomicInteger asked = new AtomicInteger();
      Cancellation later = () -> asked.incrementAndGet() > 3;
      byte[] content = Bench.random(20 << 20, 1);
      assertThatThrownBy(
              () ->
                  volume.ingest(
                      bench.spec(java.util.OptionalLong.empty(), later), Bench.channel(content)))
          .isInstanceOf(CancellationException.class);
      assertThat(volume.statistics().uniqueBlocks()).isZero();
      assertThat(disk.packs).isEmpty();
    }
  }
}
