package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power before every single operation of a history, and compares with what was promised.
 */
class CrashTest {

  private final Bench bench = new Bench(8 << 10);

  @AfterEach
  void end() {
    bench.close();
  }

  /** What a caller has been told, and what it has asked for without an answer. */
  private static final class Oracle {
    final Map<Digest, byte[]> contents = new HashMap<>();
    final Set<Digest> present = new HashSet<>();
    final Map<String, Digest> names = new HashMap<>();
    final Set<Digest> unclear = new HashSet<>();
    final Set<String> unclearNames = new HashSet<>();
  }

  private final class History {
    final Oracle oracle = new Oracle();
    final Random random;
    final VolumeContext context = bench.context(Bench.GATEWAY);
    Volume volume;

    History(long seed) {
      random = new Random(seed);
    }

    void run(MemoryDisk disk, int steps) throws IOException {
      volume = Volume.open(disk.open(), context);
      for (int i = 0; i < steps; i++) {
        step(disk, i);
      }
      volume.close();
    }

    private void step(MemoryDisk disk, int i) throws IOException {
      int kind = random.nextInt(10);
      if (kind < 5) {
        put(i);
      } else if (kind < 7 && !oracle.present.isEmpty()) {
        drop();
      } else if (kind == 7) {
        abandon(i);
      } else if (kind == 8) {
        collect();
      } else {
        volume.close();
        volume = Volume.open(disk.open(), context);
      }
    }

    private byte[] content(int i) {
      int size = random.nextInt(8) == 0 ? random.nextInt(300_000) : random.nextInt(20_000);
      return random.nextBoolean()
          ? Bench.random(size, random.nextInt(6))
          : Bench.text(size, random.nextInt(6) + i % 3);
    }

    private void put(int i) throws IOException {
      byte[] content = content(i);
      String name = "n" + random.nextInt(5);
      try (StagedArtifact staged = bench.stage(volume, content)) {
        Digest digest = staged.digest();
        oracle.contents.put(digest, content);
        oracle.unclear.add(digest);
        oracle.unclearNames.add(name);
        volume.commit(
            List.of(new Change.Add(staged), new Change.Point(Bench.point(context, name, digest))));
        oracle.unclear.remove(digest);
        oracle.unclearNames.remove(name);
        oracle.present.add(digest);
        oracle.names.put(name, digest);
      }
    }

    private void drop() throws IOException {
      Digest digest = oracle.present.iterator().next();
      oracle.unclear.add(digest);
      volume.commit(List.of(new Change.Drop(digest, context.stamps().next())));
      oracle.unclear.remove(digest);
      oracle.present.remove(digest);
    }

    private void abandon(int i) throws IOException {
      bench.stage(volume, content(i)).close();
    }

    private void collect() throws IOException {
      Set<Digest> roots = new HashSet<>();
      for (Digest digest : oracle.present) {
        if (random.nextInt(4) > 0) {
          roots.add(digest);
        } else {
          oracle.unclear.add(digest);
        }
      }
      Bench.collect(volume, roots);
      oracle.unclear.clear();
      oracle.present.retainAll(roots);
    }
  }

  private void verify(MemoryDisk disk, Oracle oracle, String what) throws IOException {
    try (Volume volume = bench.open(disk)) {
      Set<Digest> found = new HashSet<>(Bench.digests(volume));
      for (Digest digest : oracle.present) {
        if (!oracle.unclear.contains(digest)) {
          assertThat(found).as(what + ": acknowledged").contains(digest);
        }
      }
      for (Digest digest : found) {
        assertThat(oracle.present.contains(digest) || oracle.unclear.contains(digest))
            .as(what + ": only what was asked for")
            .isTrue();
        assertThat(Bench.get(volume, digest)).as(what).isEqualTo(oracle.contents.get(digest));
      }
      verifyNames(volume, oracle, what);
      byte[] after = Bench.random(10_000, 99);
      assertThat(Bench.get(volume, bench.put(volume, after))).isEqualTo(after);
    }
  }

  private static void verifyNames(Volume volume, Oracle oracle, String what) {
    Map<String, Digest> names = new HashMap<>();
    for (ReferenceChange change : volume.references()) {
      names.put(change.reference().name(), change.target().orElseThrow());
    }
    oracle.names.forEach(
        (name, digest) -> {
          if (!oracle.unclearNames.contains(name)) {
            assertThat(names).as(what).containsEntry(name, digest);
          }
        });
  }

  private int operations(long seed, int steps) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    new History(seed).run(disk, steps);
    return (int) disk.operations.get();
  }

  @ParameterizedTest
  @EnumSource(MemoryDisk.Cut.class)
  void whatWasAcknowledgedSurvivesACutBeforeAnyOperation(MemoryDisk.Cut cut) throws IOException {
    for (long seed = 1; seed <= 3; seed++) {
      int total = operations(seed, 20);
      for (int at = 0; at < total; at++) {
        MemoryDisk disk = new MemoryDisk();
        int limit = at;
        disk.fault =
            operation -> {
              if (disk.operations.get() > limit) {
                throw new IOException("power cut");
              }
            };
        History history = new History(seed);
        try {
          history.run(disk, 20);
        } catch (IOException e) {
          // as it should be
        }
        disk.powerCut(cut, new Random(seed * 1000 + at));
        verify(disk, history.oracle, cut + " seed " + seed + " operation " + at);
      }
    }
  }

  @Test
  void aSecondCutDuringRecoveryHarmsNothing() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(42);
    disk.fault =
        operation -> {
          if (disk.operations.get() > 60) {
            throw new IOException("power cut");
          }
        };
    assertThatThrownBy(() -> history.run(disk, 60)).isInstanceOf(IOException.class);
    disk.powerCut(MemoryDisk.Cut.TEAR, new Random(1));
    for (int at = 0; at < 10; at++) {
      MemoryDisk again = disk.copy();
      int limit = at;
      again.fault =
          operation -> {
            if (again.operations.get() > limit) {
              throw new IOException("power cut");
            }
          };
      try (Volume volume = bench.open(again)) {
        bench.put(volume, Bench.random(5000, 1));
      } catch (IOException e) {
        // as it should be
      }
      again.powerCut(MemoryDisk.Cut.TEAR, new Random(at));
      history.oracle.contents.put(Bench.digest(Bench.random(5000, 1)), Bench.random(5000, 1));
      history.oracle.unclear.add(Bench.digest(Bench.random(5000, 1)));
      verify(again, history.oracle, "second cut " + at);
    }
  }

  @Test
  void afterAFailedForceNothingIsWrittenUntilItIsReopened() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Volume volume = bench.open(disk);
    Digest first = bench.put(volume, Bench.random(1000, 1));
    disk.fault =
        operation -> {
          if (operation.equals("force")) {
            throw new IOException("no force");
          }
        };
    assertThatThrownBy(() -> bench.put(volume, Bench.random(1000, 2)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    disk.fault = operation -> {};
    assertThatThrownBy(() -> bench.put(volume, Bench.random(1000, 3)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    assertThat(Bench.get(volume, first)).isEqualTo(Bench.random(1000, 1));
    volume.close();
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      assertThat(Bench.digests(reopened)).containsExactly(first);
      bench.put(reopened, Bench.random(1000, 3));
    }
  }

  /** A medium that is taken away in the middle of a seal may keep the footer and lose the rest. */
  @Test
  void aFooterThatOutlivesWhatItSpeaksOfIsNeverBelieved() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Digest first;
    try (Volume volume = bench.open(disk)) {
      first = bench.put(volume, Bench.random(1000, 1));
    }
    MemoryDisk.Pack torn;
    int lost;
    byte[][] superblocks;
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(1000, 2));
      torn = disk.packs.get(Collections.max(disk.packs.keySet()));
      lost = torn.size;
      superblocks = Arrays.stream(disk.superblocks).map(byte[]::clone).toArray(byte[][]::new);
    }
    Arrays.fill(torn.bytes, 0, lost, (byte) 0);
    System.arraycopy(superblocks, 0, disk.superblocks, 0, superblocks.length);

    Digest third;
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.digests(volume)).containsExactly(first);
      third = bench.put(volume, Bench.random(1000, 3));
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.digests(volume)).containsExactlyInAnyOrder(first, third);
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(2);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }
}
