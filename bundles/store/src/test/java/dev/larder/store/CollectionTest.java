package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediumFullException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectionTest {

  @Test
  void whatDeduplicationHasScatteredLiesTogetherAfterACollectionAndStaysThere() throws IOException {
    int block = 4 << 10;
    int apart = 32 * block;
    MemoryDisk disk = new MemoryDisk();
    try (Bench scattering = new Bench(block)) {
      Volume volume = scattering.open(disk);
      byte[] source = Bench.random(4 << 20, 1);
      byte[] picked = new byte[source.length / apart * block];
      for (int i = 0; i < picked.length / block; i++) {
        System.arraycopy(source, i * apart, picked, i * block, block);
      }
      Digest whole = scattering.put(volume, source);
      Digest digest = scattering.put(volume, picked);
      Set<Digest> both = Set.of(whole, digest);
      assertThat(reads(disk, volume, digest, picked)).isGreaterThanOrEqualTo(picked.length / block);
      assertThat(Bench.collect(volume, both).rewrittenBytes()).isGreaterThan(picked.length);
      assertThat(reads(disk, volume, digest, picked)).isLessThanOrEqualTo(2);
      assertThat(Bench.collect(volume, both).rewrittenBytes()).isZero();
      disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    }
    try (Bench again = new Bench(block);
        Volume volume = again.open(disk)) {
      assertThat(Bench.digests(volume)).hasSize(2);
      for (Digest digest : Bench.digests(volume)) {
        assertThat(Bench.digest(Bench.get(volume, digest))).isEqualTo(digest);
      }
    }
  }

  @Test
  void oneCollectionOfASmallStoreLeavesNoOriginalsOfWhatItLetLieTogether() throws IOException {
    int block = 4 << 10;
    MemoryDisk disk = new MemoryDisk(16L << 30); // packs of 64 MiB: all fits one
    try (Bench scattering = new Bench(block)) {
      Volume volume = scattering.open(disk);
      byte[] source = Bench.random(4 << 20, 1);
      byte[] picked = new byte[source.length / 32];
      for (int i = 0; i < picked.length / block; i++) {
        System.arraycopy(source, i * 32 * block, picked, i * block, block);
      }
      Set<Digest> both = Set.of(scattering.put(volume, source), scattering.put(volume, picked));
      assertThat(Bench.collect(volume, both).rewrittenBytes()).isGreaterThan(source.length);
      volume.close();
      long stored = disk.packs.values().stream().mapToLong(pack -> pack.size).sum();
      assertThat(stored).isLessThan((long) (source.length * 1.05)); // 4 KiB blocks: 3 % of metadata
    }
  }

  private static long reads(MemoryDisk disk, Volume volume, Digest digest, byte[] content)
      throws IOException {
    long before = disk.reads.get();
    assertThat(Bench.get(volume, digest)).isEqualTo(content);
    return disk.reads.get() - before;
  }

  private final Bench bench = new Bench(16 << 10);

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void givesTheSpaceOfEverySecondArtifactBack() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Set<Digest> kept = new HashSet<>();
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 60; i++) {
        Digest digest = bench.put(volume, Bench.random(300_000, i));
        if (i % 2 == 0) {
          kept.add(digest);
        }
      }
      CollectionReport report = Bench.collect(volume, kept);
      assertThat(report.artifacts()).isEqualTo(30);
      assertThat(report.blocks()).isEqualTo(30 * 19);
      assertThat(report.packs()).isPositive();
      assertThat(new HashSet<>(Bench.digests(volume))).isEqualTo(kept);
      assertThat(disk.used()).isLessThan((long) (30 * 300_000 * 1.05));
      assertThat(Bench.collect(volume, kept).reclaimedBytes()).isZero();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(new HashSet<>(Bench.digests(volume))).isEqualTo(kept);
      for (Digest digest : kept) {
        assertThat(Bench.digest(Bench.get(volume, digest))).isEqualTo(digest);
      }
    }
  }

  @Test
  void anEmptiedVolumeIsEmpty() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    long sequence;
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 10; i++) {
        bench.put(volume, Bench.random(500_000, i));
      }
      volume.collect(Set::of, Set::of, Cancellation.NEVER);
      assertThat(volume.artifacts()).isEmpty();
      assertThat(disk.used()).isLessThan(20_000);
      sequence = volume.lastSequence();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifacts()).isEmpty();
      assertThat(volume.lastSequence()).isEqualTo(sequence);
      Bench.collect(volume, Set.of());
      assertThat(bench.put(volume, Bench.random(10, 1))).isNotNull();
      assertThat(volume.lastSequence()).isEqualTo(sequence + 1);
    }
  }

  @Test
  void aPackThatWasLeftForWantOfRoomIsCollectedAndDoesNotHang() throws IOException {
    int left = 0;
    for (int n = 1; n < 20; n++) {
      MemoryDisk disk = new MemoryDisk();
      try (Volume volume = bench.open(disk)) {
        bench.put(volume, Bench.random(30_000, 1));
        AtomicInteger appends = new AtomicInteger(n);
        disk.fault =
            operation -> {
              if (operation.startsWith("append") && appends.decrementAndGet() == 0) {
                throw new MediumFullException("full", null);
              }
            };
        // Only the padding before the force found no room: the put itself is acknowledged.
        left += putsInSpiteOfThat(volume) && appends.get() <= 0 ? 1 : 0;
        disk.fault = operation -> {};
        assertTimeoutPreemptively(
            Duration.ofSeconds(30), () -> volume.collect(Set::of, Set::of, Cancellation.NEVER));
        assertThat(volume.artifacts()).isEmpty();
        bench.put(volume, Bench.random(30_000, 3));
      }
    }
    assertThat(left).isPositive();
  }

  private boolean putsInSpiteOfThat(Volume volume) throws IOException {
    try {
      bench.put(volume, Bench.random(30_000, 2));
      return true;
    } catch (LarderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL);
      return false;
    }
  }

  @Test
  void aReferenceBeforeACopiedManifestOfItsArtifactSurvivesAKill() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    VolumeContext context = bench.context(Bench.GATEWAY);
    Volume volume = bench.open(disk);
    Digest kept = bench.put(volume, Bench.random(30_000, 1));
    bench.put(volume, Bench.random(2_000_000, 2));
    Digest other = bench.put(volume, Bench.random(700_000, 3)); // keeps the open pack alive
    ReferenceChange change = Bench.point(context, "late", kept);
    volume.commit(List.of(new Change.Point(change)));
    int packs = disk.packs.size();
    volume.collect(() -> Set.of(kept, other), () -> Set.of(change), Cancellation.NEVER);
    assertThat(disk.packs.size()).as("the old pack is gone").isLessThan(packs);
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    try (Volume again = bench.open(disk)) {
      assertThat(again.references()).containsExactly(change);
      assertThat(Bench.digest(Bench.get(again, kept))).isEqualTo(kept);
    }
  }

  @Test
  void keepsWhatOtherArtifactsShare() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    byte[] content = Bench.random(400_000, 1);
    byte[] longer = java.util.Arrays.copyOf(content, 500_000);
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, content);
      Digest kept = bench.put(volume, longer);
      Bench.collect(volume, Set.of(kept));
      assertThat(Bench.get(volume, kept)).isEqualTo(longer);
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
    }
  }

  @Test
  void whatIsStagedIsKept() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    byte[] content = Bench.random(400_000, 1);
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, content);
      try (StagedArtifact staged = bench.stage(volume, java.util.Arrays.copyOf(content, 500_000))) {
        Bench.collect(volume, Set.of());
        volume.commit(List.of(new Change.Add(staged)));
        assertThat(Bench.digest(Bench.get(volume, staged.digest()))).isEqualTo(staged.digest());
      }
      assertThat(volume.artifact(Bench.digest(content))).isEmpty();
    }
  }

  @Test
  void droppedArtifactsAndReferencesDoNotComeBack() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    VolumeContext context = bench.context(Bench.GATEWAY);
    Set<Digest> roots = new HashSet<>();
    Random random = new Random(3);
    for (int round = 0; round < 8; round++) {
      try (Volume volume = Volume.open(disk.open(), context)) {
        assertThat(new HashSet<>(Bench.digests(volume))).isEqualTo(roots);
        for (int i = 0; i < 6; i++) {
          roots.add(bench.put(volume, context, "n" + i, Bench.random(200_000, random.nextInt())));
        }
        volume.commit(List.of(new Change.Point(Bench.point(context, "n0", null))));
        roots.removeIf(digest -> random.nextInt(3) == 0);
        Set<ReferenceChange> needed = new HashSet<>();
        for (ReferenceChange change : volume.references()) {
          if (change.target().isPresent() && roots.contains(change.target().get())) {
            needed.add(change);
          }
        }
        volume.collect(() -> Set.copyOf(roots), () -> needed, Cancellation.NEVER);
        assertThat(new HashSet<>(volume.references())).isEqualTo(needed);
      }
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(new HashSet<>(Bench.digests(volume))).isEqualTo(roots);
      for (Digest digest : roots) {
        assertThat(Bench.digest(Bench.get(volume, digest))).isEqualTo(digest);
      }
    }
  }

  @Test
  void mergesTheSmallPacksThatRestartsLeave() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Set<Digest> roots = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      try (Volume volume = bench.open(disk)) {
        roots.add(bench.put(volume, Bench.random(5_000, i)));
      }
    }
    assertThat(disk.packs).hasSize(12);
    try (Volume volume = bench.open(disk)) {
      Bench.collect(volume, roots);
    }
    assertThat(disk.packs).hasSize(1);
    try (Volume volume = bench.open(disk)) {
      assertThat(new HashSet<>(Bench.digests(volume))).isEqualTo(roots);
    }
  }

  @Test
  void aFullVolumeRefusesPutsAndStillTakesDeletions() throws IOException {
    MemoryDisk disk = new MemoryDisk(24 << 20);
    VolumeContext context = bench.context(Bench.GATEWAY);
    try (Volume volume = Volume.open(disk.open(), context)) {
      List<Digest> there = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  there.add(bench.put(volume, context, "n" + i, Bench.random(1_000_000, i)));
                }
              })
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL));
      assertThat(there).hasSizeBetween(18, 22);
      long used = disk.used();
      assertThatThrownBy(
              () ->
                  volume.ingest(
                      bench.spec(java.util.OptionalLong.empty(), Cancellation.NEVER),
                      Bench.channel(Bench.random(9_000_000, 1000))))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL));
      assertThat(disk.used()).isLessThanOrEqualTo(used + (1 << 20));
      for (Digest digest : there) {
        assertThat(Bench.digest(Bench.get(volume, digest))).isEqualTo(digest);
      }
      for (int i = 0; i < there.size(); i += 2) {
        volume.commit(List.of(new Change.Point(Bench.point(context, "n" + i, null))));
        volume.commit(List.of(new Change.Drop(there.get(i), context.stamps().next())));
      }
      Bench.collect(volume, new HashSet<>(Bench.digests(volume)));
      assertThat(volume.freeForPuts()).isGreaterThan(8_000_000);
      bench.put(volume, Bench.random(5_000_000, 5000));
    }
  }

  @Test
  void aMediumThatIsFullerThanItSaysCutsOffOnlyWhatDidNotFit() throws IOException {
    MemoryDisk disk = new MemoryDisk(64 << 20);
    VolumeContext context = bench.context(Bench.GATEWAY);
    try (Volume volume = Volume.open(disk.open(), context)) {
      Digest first = bench.put(volume, context, "a", Bench.random(1_000_000, 1));
      disk.fault =
          operation -> {
            if (operation.equals("append")) {
              throw new dev.larder.spi.media.MediumFullException("full", null);
            }
          };
      assertThatThrownBy(() -> bench.put(volume, Bench.random(1_000_000, 2)))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL));
      disk.fault = operation -> {};
      volume.commit(List.of(new Change.Point(Bench.point(context, "a", null))));
      Digest third = bench.put(volume, Bench.random(1_000_000, 3));
      assertThat(Bench.digest(Bench.get(volume, first))).isEqualTo(first);
      assertThat(Bench.digest(Bench.get(volume, third))).isEqualTo(third);
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifacts()).hasSize(2);
      assertThat(volume.references()).hasSize(2);
    }
  }
}
