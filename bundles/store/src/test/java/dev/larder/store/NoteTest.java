package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a volume notes of changes whose artifacts are elsewhere, and what tells volumes apart. */
class NoteTest {

  private final Bench bench = new Bench();
  private final MemoryDisk disk = new MemoryDisk();
  private final VolumeContext context = bench.context(Bench.GATEWAY);

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void aNoteOfAnArtifactElsewhereSurvivesAPowerCut() throws IOException {
    Volume volume = Volume.open(disk.open(), context);
    bench.put(volume, context, "m", Bench.random(100, 1));
    ReferenceChange elsewhere = Bench.point(context, "m", Bench.digest(new byte[] {7}));
    volume.commit(List.of(new Change.Note(elsewhere)));
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume recovered = bench.open(disk)) {
      assertThat(recovered.references()).hasSize(2).endsWith(elsewhere);
    }
    try (Volume clean = bench.open(disk)) {
      assertThat(clean.references()).hasSize(2).endsWith(elsewhere);
    }
  }

  @Test
  void aNoteIsKeptAndDroppedByCollectionsLikeAnyChange() throws IOException {
    ReferenceChange elsewhere = Bench.point(context, "m", Bench.digest(new byte[] {7}));
    try (Volume volume = Volume.open(disk.open(), context)) {
      Digest digest = bench.put(volume, context, "x", Bench.random(1 << 20, 1));
      volume.commit(List.of(new Change.Note(elsewhere)));
      volume.collect(() -> Set.of(digest), () -> Set.of(elsewhere), Cancellation.NEVER);
      assertThat(volume.references()).containsExactly(elsewhere);
      volume.collect(Set::of, Set::of, Cancellation.NEVER);
      assertThat(volume.references()).isEmpty();
    }
  }

  @Test
  void aNoteBesideOtherChangesSurvivesAPowerCutWithThem() throws IOException {
    Volume volume = Volume.open(disk.open(), context);
    Digest digest = bench.put(volume, Bench.random(100, 1));
    ReferenceChange here = Bench.point(context, "a", digest);
    ReferenceChange elsewhere = Bench.point(context, "b", Bench.digest(new byte[] {7}));
    volume.commit(List.of(new Change.Point(here), new Change.Note(elsewhere)));
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    for (int i = 0; i < 2; i++) { // scanned, then by its footer
      try (Volume reopened = bench.open(disk)) {
        assertThat(reopened.references()).containsExactly(here, elsewhere);
      }
    }
  }

  @Test
  void aStampThatNoGatewayCanHaveGivenIsNotFollowed() {
    Stamps stamps = context.stamps();
    stamps.observe(new Stamp(1000, new UUID(9, 9), 1, 0));
    assertThat(stamps.lamport()).isEqualTo(1000);
    stamps.observe(new Stamp(Stamps.LONGEST_LEAP + 1001, new UUID(9, 9), 1, 0));
    stamps.observe(new Stamp(1001, Bench.GATEWAY, Stamps.LONGEST_LEAP + 1, 0));
    assertThat(stamps.next().lamport()).isEqualTo(1001);
    assertThat(stamps.next().sequence()).isEqualTo(2);
  }

  @Test
  void aMeasurementStaysWithTheVolumeAndHoldsForWhoMadeIt() throws IOException {
    Measurement found = new Measurement(80, 90_000_000, 0, 2000, 700, 2, 1 << 18);
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.measured()).isEmpty();
      volume.keep(found);
      assertThat(volume.measured()).contains(found);
    }
    Medium medium = disk.open();
    VolumeIdentity identity = VolumeIdentity.read(medium).orElseThrow();
    assertThat(identity.measuredBy(Bench.GATEWAY, medium)).contains(found);
    assertThat(identity.measuredBy(new UUID(2, 2), medium)).isEmpty();
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(10, 1));
      assertThat(volume.measured()).contains(found);
    }
    try (Volume volume = Volume.open(disk.open(), bench.context(new UUID(2, 2)))) {
      bench.put(volume, Bench.random(10, 2));
      assertThat(volume.measured()).isEmpty();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.measured()).contains(found);
    }
  }

  @Test
  void aVolumeIsToldByItsSuperblockAlone() throws IOException {
    assertThat(VolumeIdentity.read(disk.open())).isEmpty();
    UUID uuid;
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(10, 1));
      uuid = volume.uuid();
    }
    assertThat(VolumeIdentity.read(disk.open()))
        .contains(new VolumeIdentity(uuid, 1, Bench.GATEWAY, Optional.empty()));
    UUID other = new UUID(2, 2);
    try (Volume volume = Volume.open(disk.open(), bench.context(other))) {
      bench.put(volume, Bench.random(10, 2));
    }
    assertThat(VolumeIdentity.read(disk.open()))
        .contains(new VolumeIdentity(uuid, 2, other, Optional.empty()));
    assertThat(VolumeIdentity.read(List.of(ByteBuffer.allocate(4096), ByteBuffer.allocate(3))))
        .isEqualTo(Optional.empty());
  }
}
