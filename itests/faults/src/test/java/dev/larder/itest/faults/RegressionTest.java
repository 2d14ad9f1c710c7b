package dev.larder.itest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.media.simulated.DiskSpec;
import dev.larder.media.simulated.FaultKind;
import dev.larder.media.simulated.FaultPlan;
import dev.larder.media.simulated.FaultRule;
import dev.larder.media.simulated.Operation;
import dev.larder.media.simulated.PowerCut;
import dev.larder.media.simulated.PowerSupply;
import dev.larder.media.simulated.SimulatedClock;
import dev.larder.media.simulated.SimulatedDisk;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.store.Change;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.Manifest;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the campaign has found, each by the shortest way to it: a seed means another life tomorrow.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegressionTest {

  private static final FormatId FIXED = new FormatId("dev.larder.test.fixed", 1);
  private static final int CHANCES = 40;

  private final Stamps stamps = new Stamps(new UUID(1, 1), Clock.systemUTC());

  private static SimulatedDisk disk(long seed) {
    SimulatedDisk disk =
        new SimulatedDisk(
            DiskSpec.of("d", 256 << 20).sector(512),
            FaultPlan.none(seed),
            new PowerSupply(),
            SimulatedClock.virtual());
    disk.onPowerLoss(PowerCut.REORDER);
    return disk;
  }

  private Volume open(SimulatedDisk disk) throws IOException {
    return Volume.open(
        disk.open(),
        new VolumeContext(stamps, new Nibbles(), new SeededExecutor(new Random(1)), 1));
  }

  private static void strike(SimulatedDisk disk, FaultKind kind, long at, Operation operation) {
    disk.plan().follow(List.of(FaultRule.once(kind, at, operation)));
  }

  private static StagedArtifact stage(Volume volume, int size, long seed) throws IOException {
    return stage(volume, size, seed, 4096);
  }

  private static StagedArtifact stage(Volume volume, int size, long seed, int block)
      throws IOException {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return volume.ingest(
        new IngestSpec(
            ArtifactKind.MODEL,
            OptionalLong.of(size),
            FIXED,
            new Steps.FixedCutter(block),
            annotation -> Codecs.NONE,
            Cancellation.NEVER),
        Channels.newChannel(new ByteArrayInputStream(content)));
  }

  private ReferenceChange point(String name, Digest target) {
    return new ReferenceChange(Reference.parse(name), Optional.of(target), stamps.next(), 0);
  }

  private Digest put(Volume volume, String name, int size, long seed) throws IOException {
    try (StagedArtifact staged = stage(volume, size, seed)) {
      volume.commit(
          List.of(new Change.Add(staged), new Change.Point(point(name, staged.digest()))));
      return staged.digest();
    }
  }

  private static void collect(Volume volume, Set<Digest> roots) throws IOException {
    volume.collect(() -> roots, () -> Set.copyOf(volume.references()), Cancellation.NEVER);
  }

  private static void scrubIsClean(Volume volume, String what) throws IOException {
    assertThat(volume.scrub(Cancellation.NEVER).findings()).as(what).isEmpty();
  }

  @Test
  void aCollectionHungOnAPackThatAFullMediumHadMadeTheStreamLeave() throws IOException {
    SimulatedDisk disk = disk(1);
    try (Volume volume = open(disk)) {
      put(volume, "a", 5000, 1);
      strike(disk, FaultKind.FULL, 4, Operation.APPEND); // run, commit, padding
      for (long seed = 2; seed < 6; seed++) {
        try {
          put(volume, "b", 5000, seed);
        } catch (LarderException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL);
        }
      }
      for (long at = 1; at < 4; at++) {
        strike(disk, FaultKind.FULL, at, Operation.APPEND);
        try {
          put(volume, "c", 5000, 10 + at);
        } catch (LarderException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL);
        }
      }
      collect(volume, Set.of());
      assertThat(volume.artifacts()).isEmpty();
    }
  }

  @Test
  void aFooterOutlivedABlockThatItNamesWhenTheCutCameInRecovery() throws IOException {
    for (long chance = 0; chance < CHANCES; chance++) {
      SimulatedDisk disk = disk(chance);
      stage(open(disk), 200_000, 1);
      disk.abandon();
      strike(disk, FaultKind.CUT, 1, Operation.FORCE);
      assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class);
      try (Volume volume = open(disk)) {
        scrubIsClean(volume, "chance " + chance);
      }
    }
  }

  @Test
  void aFooterOutlivedABlockThatItNamesWhenTheCutCameAsAPackWasSealed() throws IOException {
    for (long chance = 0; chance < CHANCES; chance++) {
      SimulatedDisk disk = disk(chance);
      Volume first = open(disk);
      strike(disk, FaultKind.CUT, 1, Operation.FORCE);
      assertThatThrownBy(() -> stage(first, 2_500_000, 1, 256 << 10))
          .isInstanceOf(LarderException.class);
      try (Volume volume = open(disk)) {
        scrubIsClean(volume, "chance " + chance);
        assertThat(volume.artifacts()).isEmpty();
      }
    }
  }

  @Test
  void whatAFailedForceWasToCoverWasBelievedByTheNextOpening() throws IOException {
    SimulatedDisk disk = disk(1);
    disk.onPowerLoss(PowerCut.DROP);
    Volume first = open(disk);
    Digest kept = put(first, "a", 5000, 1);
    strike(disk, FaultKind.EIO, 1, Operation.FORCE);
    assertThatThrownBy(() -> put(first, "a", 5000, 2)).isInstanceOf(LarderException.class);
    first.close();
    Volume second = open(disk);
    put(second, "b", 5000, 2); // the same content, which must not stand on what is not there
    disk.losePower();
    try (Volume third = open(disk)) {
      scrubIsClean(third, "after the cut");
      assertThat(third.artifacts()).hasSize(2);
      assertThat(third.artifact(kept)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void anAppendThatFailedInPartWasFollowedByAnother(int at) throws IOException {
    SimulatedDisk disk = disk(at);
    Volume volume = open(disk);
    put(volume, "a", 5000, 1);
    strike(disk, FaultKind.EIO, at, Operation.APPEND);
    boolean failed = false;
    for (long seed = 2; seed < 6; seed++) {
      try {
        put(volume, "b", 5000, seed);
        assertThat(failed).as("nothing is taken after an error").isFalse();
      } catch (LarderException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR);
        failed = true;
      }
    }
    assertThat(failed).isTrue();
    volume.close();
    open(disk).close();
  }

  @Test
  void aReferenceInFrontOfACopiedManifestWasLost() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    Digest waste = put(volume, "w", 100_000, 1);
    Digest kept = put(volume, "a", 5000, 2);
    volume.close();
    volume = open(disk);
    Digest other = put(volume, "b", 5000, 3);
    volume.commit(List.of(new Change.Point(point("second", kept))));
    collect(volume, Set.of(kept, other)); // copies the manifest of what is kept behind that
    assertThat(volume.artifact(waste)).isEmpty();
    disk.losePower();
    try (Volume again = open(disk)) {
      assertThat(again.references())
          .anyMatch(change -> change.reference().equals(Reference.parse("second")));
    }
  }

  @Test
  void aNameFellBackToAnOlderChangeThatHadBeenWrittenTwice() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    Digest moved = put(volume, "n", 5000, 1);
    Digest kept = put(volume, "kept", 200_000, 2);
    List<ReferenceChange> changes = volume.references();
    ReferenceChange older = changes.get(0);
    volume.close();
    volume = open(disk);
    Digest waste = put(volume, "w", 300_000, 3);
    ReferenceChange newer = point("n", moved);
    volume.commit(List.of(new Change.Point(newer), new Change.Point(older)));
    volume.close();
    volume = open(disk);
    volume.collect(() -> Set.of(kept), () -> Set.of(changes.get(1)), Cancellation.NEVER);
    assertThat(volume.artifact(waste)).isEmpty();
    volume.close();
    try (Volume again = open(disk)) {
      assertThat(again.references().contains(newer) || !again.references().contains(older))
          .as("what is there: " + again.references())
          .isTrue();
      assertThat(again.references()).contains(changes.get(1));
    }
  }

  @Test
  void whatAPackHeldWhoseDeletionHadFailedCameBack() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    put(volume, "w", 100_000, 1);
    Digest dropped = put(volume, "a", 5000, 2);
    volume.close();
    volume = open(disk);
    strike(disk, FaultKind.EIO, 1, Operation.DELETE);
    Volume striking = volume;
    assertThatThrownBy(() -> collect(striking, Set.of(dropped))) // has copied it
        .isInstanceOf(LarderException.class);
    volume.commit(List.of(new Change.Drop(dropped, stamps.next())));
    collect(volume, Set.of());
    disk.losePower();
    try (Volume again = open(disk)) {
      assertThat(again.artifact(dropped)).isEmpty();
      scrubIsClean(again, "after the cut");
    }
  }

  @Test
  void aReferenceToWhatWasDroppedAndCollectedSinceWasLost() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    Digest moved = put(volume, "a", 100_000, 1);
    volume.close();
    volume = open(disk);
    Digest kept = put(volume, "b", 5000, 2);
    volume.commit(List.of(new Change.Point(point("second", moved))));
    collect(volume, Set.of(kept));
    disk.losePower();
    try (Volume again = open(disk)) {
      assertThat(again.references())
          .anyMatch(change -> change.reference().equals(Reference.parse("second")));
    }
  }

  @Test
  void aReferenceWasLostWithTheBlocksOfItsDroppedTarget() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    put(volume, "w", 100_000, 1);
    put(volume, "base", 2 * 4096, 5);
    volume.close();
    volume = open(disk);
    Digest dropped = put(volume, "shares", 3 * 4096, 5); // its first blocks are those of the base
    Digest kept = put(volume, "kept", 50_000, 2);
    volume.commit(List.of(new Change.Drop(dropped, stamps.next())));
    collect(volume, Set.of(kept));
    disk.losePower();
    try (Volume again = open(disk)) {
      assertThat(again.references())
          .anyMatch(change -> change.reference().equals(Reference.parse("shares")));
      assertThat(again.artifact(dropped)).isEmpty();
    }
  }

  @Test
  void whatACollectionHadCopiedCouldNotBeReadAfterItsForceFailed() throws IOException {
    SimulatedDisk disk = disk(1);
    Volume volume = open(disk);
    put(volume, "w", 100_000, 1);
    Digest kept = put(volume, "a", 5000, 2);
    volume.close();
    Volume second = open(disk);
    Digest other = put(second, "b", 5000, 3);
    strike(disk, FaultKind.EIO, 2, Operation.FORCE); // the first one is that of the drop
    assertThatThrownBy(() -> collect(second, Set.of(kept, other)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    assertThat(Contents.digest(read(second, kept))).isEqualTo(kept);
    second.close();
    disk.losePower();
    try (Volume again = open(disk)) {
      scrubIsClean(again, "after the cut");
      assertThat(Contents.digest(read(again, kept))).isEqualTo(kept);
    }
  }

  private static byte[] read(Volume volume, Digest digest) throws IOException {
    Manifest manifest = volume.manifest(digest);
    byte[] content = new byte[(int) manifest.size()];
    volume.read(
        manifest,
        0,
        manifest.size(),
        (at, bytes) -> bytes.get(content, (int) at, bytes.remaining()),
        Cancellation.NEVER);
    return content;
  }

  @Test
  void theOtherSuperblockWasNotWrittenAfterACutBetweenTheTwo() throws IOException {
    SimulatedDisk disk = disk(1);
    strike(disk, FaultKind.CUT, 2, Operation.WRITE_SUPERBLOCK);
    assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class);
    open(disk).close();
    try (Medium medium = disk.open()) {
      assertThat(medium.readSuperblock(0)).isPresent();
      assertThat(medium.readSuperblock(1)).isPresent();
    }
  }

  @Test
  void aCommitCountedByHalvesWhenTheCutLostItsMiddle() throws IOException {
    for (long chance = 0; chance < 4 * CHANCES; chance++) {
      SimulatedDisk disk = disk(chance);
      Volume first = open(disk);
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        StagedArtifact staged = stage(first, 600, i);
        changes.add(new Change.Add(staged));
        changes.add(new Change.Point(point("n" + i, staged.digest())));
      }
      strike(disk, FaultKind.CUT, 1, Operation.FORCE);
      assertThatThrownBy(() -> first.commit(changes)).isInstanceOf(LarderException.class);
      try (Volume volume = open(disk)) {
        assertThat(volume.artifacts().size()).as("chance " + chance).isIn(0, 12);
        assertThat(volume.references().size()).as("chance " + chance).isIn(0, 12);
        scrubIsClean(volume, "chance " + chance);
      }
    }
  }

  @Test
  void namesOfALongCommitCountedInPart() throws IOException {
    int artifacts = 700;
    for (long chance = 0; chance < CHANCES; chance++) {
      SimulatedDisk disk = disk(chance);
      Volume first = open(disk);
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < artifacts; i++) {
        StagedArtifact staged = stage(first, 8, i);
        changes.add(new Change.Add(staged));
        changes.add(new Change.Point(point("n" + i, staged.digest())));
      }
      strike(disk, FaultKind.CUT, 1, Operation.FORCE);
      assertThatThrownBy(() -> first.commit(changes)).isInstanceOf(LarderException.class);
      try (Volume volume = open(disk)) {
        assertThat(volume.references().size()).as("chance " + chance).isIn(0, artifacts);
        scrubIsClean(volume, "chance " + chance);
      }
    }
  }

  @Test
  void aUnitThatAFullMediumHadLeftUnpaddedWasWrittenAgainByRecovery() throws IOException {
    for (long chance = 0; chance < CHANCES; chance++) {
      SimulatedDisk disk = disk(chance);
      disk.onPowerLoss(PowerCut.TORN);
      Volume first = open(disk);
      strike(disk, FaultKind.FULL, 3, Operation.APPEND); // header, record, padding
      ReferenceChange change =
          new ReferenceChange(Reference.parse("n"), Optional.empty(), stamps.next(), 0);
      first.commit(List.of(new Change.Point(change)));
      disk.abandon();
      strike(disk, FaultKind.CUT, 1, Operation.APPEND);
      assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class);
      try (Volume volume = open(disk)) {
        assertThat(volume.references()).as("chance " + chance).containsExactly(change);
      }
    }
  }
}
