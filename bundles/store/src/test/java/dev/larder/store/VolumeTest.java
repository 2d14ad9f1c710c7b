package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeTest {

  private final Bench bench = new Bench();
  private final MemoryDisk disk = new MemoryDisk();

  @AfterEach
  void end() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 100, 65535, 65536, 65537, 131072, 1 << 20, (1 << 20) + 1, 5_000_001, 13 << 20})
  void givesBackWhatWasPut(int size) throws IOException {
    byte[] random = Bench.random(size, size);
    byte[] text = Bench.text(size, size);
    try (Volume volume = bench.open(disk)) {
      Digest first = bench.put(volume, random);
      Digest second = bench.put(volume, text);
      assertThat(first).isEqualTo(Bench.digest(random));
      assertThat(Bench.get(volume, first)).isEqualTo(random);
      assertThat(Bench.get(volume, second)).isEqualTo(text);
      assertThat(Bench.getInOrder(volume, second)).isEqualTo(text);
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.get(volume, Bench.digest(random))).isEqualTo(random);
      assertThat(Bench.get(volume, Bench.digest(text))).isEqualTo(text);
      assertThat(Bench.getInOrder(volume, Bench.digest(random))).isEqualTo(random);
    }
    assertThat(disk.openFiles).isZero();
  }

  @Test
  void whatIsHereAndComesCutInAnotherWayIsNotKeptTwice() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    byte[] content = Bench.random(50_000, 1);
    try (Bench other = new Bench(3 << 10);
        Volume volume = bench.open(disk)) {
      bench.put(volume, content);
      long before = volume.lastSequence();
      try (StagedArtifact again = other.stage(volume, content)) {
        assertThat(again.present()).isTrue();
        assertThat(again.newBlocks()).isZero();
        volume.commit(List.of(new Change.Add(again)));
      }
      assertThat(volume.lastSequence()).isEqualTo(before);
      assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
    }
  }

  @Test
  void givesBackRanges() throws IOException {
    byte[] content = Bench.text(3_000_000, 7);
    try (Volume volume = bench.open(disk)) {
      Manifest manifest = volume.manifest(bench.put(volume, content));
      for (int offset : new int[] {0, 1, 65535, 65536, 1_000_000, 2_999_999, 3_000_000}) {
        for (int length : new int[] {0, 1, 65536, 100_000}) {
          int bounded = Math.min(length, content.length - offset);
          assertThat(Bench.get(volume, manifest, offset, bounded))
              .isEqualTo(java.util.Arrays.copyOfRange(content, offset, offset + bounded));
        }
      }
      assertThatThrownBy(() -> Bench.get(volume, manifest, 1, content.length))
          .isInstanceOf(LarderException.class);
    }
  }

  @Test
  void describesAnArtifact() throws IOException {
    byte[] content = Bench.text(200_000, 1);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      Manifest manifest = volume.manifest(digest);
      assertThat(manifest.size()).isEqualTo(200_000);
      assertThat(manifest.blocks()).isEqualTo(4);
      assertThat(manifest.blockLength(3)).isEqualTo(200_000 - 3 * 65536);
      assertThat(manifest.blockOffset(2)).isEqualTo(2 * 65536);
      assertThat(manifest.kind()).isEqualTo(ArtifactKind.MODEL);
      assertThat(manifest.chunker()).isEqualTo(Bench.FIXED);
      assertThat(manifest.chunkerParameters()).isEqualTo("size=65536");
      ArtifactEntry entry = volume.artifact(digest).orElseThrow();
      assertThat(entry.storedBytes()).isBetween(1L, 120_000L);
      assertThat(entry.sequence()).isEqualTo(volume.lastSequence());
    }
  }

  @Test
  void storesEachBlockOnce() throws IOException {
    byte[] content = Bench.random(1 << 20, 3);
    byte[] longer = java.util.Arrays.copyOf(content, (1 << 20) + 100);
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, content);
      try (StagedArtifact again = bench.stage(volume, content)) {
        assertThat(again.present()).isTrue();
        assertThat(again.newBlocks()).isZero();
      }
      try (StagedArtifact staged = bench.stage(volume, longer)) {
        assertThat(staged.totalBlocks()).isEqualTo(17);
        assertThat(staged.newBlocks()).isEqualTo(1);
        assertThat(staged.storedBytes()).isBetween(1L, 100L);
        volume.commit(List.of(new Change.Add(staged)));
      }
      assertThat(Bench.get(volume, Bench.digest(longer))).isEqualTo(longer);
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(17);
      assertThat(volume.exclusiveBytes(Bench.digest(longer))).isBetween(1L, 100L);
      byte[] zeros = new byte[4 << 20];
      bench.put(volume, zeros);
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(18);
      assertThat(Bench.get(volume, Bench.digest(zeros))).isEqualTo(zeros);
    }
  }

  @Test
  void anUncommittedArtifactIsNotVisible() throws IOException {
    byte[] content = Bench.random(100_000, 4);
    try (Volume volume = bench.open(disk)) {
      StagedArtifact staged = bench.stage(volume, content);
      assertThat(volume.artifact(staged.digest())).isEmpty();
      staged.close();
      staged.close();
      assertThat(volume.statistics().uniqueBlocks()).isZero();
      assertThatThrownBy(() -> volume.commit(List.of(new Change.Add(staged))))
          .isInstanceOf(LarderException.class);
      assertThatThrownBy(() -> volume.manifest(staged.digest()))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
    assertThat(disk.packs).isEmpty();
  }

  @Test
  void keepsReferencesAndTheirTombstones() throws IOException {
    VolumeContext context = bench.context(Bench.GATEWAY);
    List<ReferenceChange> before;
    long sequence;
    try (Volume volume = Volume.open(disk.open(), context)) {
      Digest digest = bench.put(volume, context, "a/b:1", Bench.random(10, 5));
      volume.commit(
          List.of(
              new Change.Point(Bench.point(context, "c", digest)),
              new Change.Point(Bench.point(context, "a/b:1", null))));
      before = volume.references();
      sequence = volume.lastSequence();
      assertThat(before).hasSize(3);
      assertThatThrownBy(
              () ->
                  volume.commit(
                      List.of(
                          new Change.Point(
                              Bench.point(context, "d", Bench.digest(new byte[] {1}))))))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
    VolumeContext next = bench.context(Bench.GATEWAY);
    try (Volume volume = Volume.open(disk.open(), next)) {
      assertThat(volume.references()).isEqualTo(before);
      assertThat(volume.lastSequence()).isEqualTo(sequence);
      assertThat(next.stamps().next()).isGreaterThan(before.get(2).stamp());
    }
  }

  @Test
  void aDropTakesTheReplicaAway() throws IOException {
    VolumeContext context = bench.context(Bench.GATEWAY);
    Digest digest;
    try (Volume volume = Volume.open(disk.open(), context)) {
      digest = bench.put(volume, Bench.random(10, 5));
      volume.commit(List.of(new Change.Drop(digest, context.stamps().next())));
      assertThat(volume.artifact(digest)).isEmpty();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifact(digest)).isEmpty();
      bench.put(volume, Bench.random(10, 5));
      assertThat(volume.artifact(digest)).isPresent();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifact(digest)).isPresent();
    }
  }

  @Test
  void refusesABodyOfAnotherLength() throws IOException {
    try (Volume volume = bench.open(disk)) {
      for (int actual : new int[] {0, 99_999, 100_001, 3_000_000}) {
        byte[] content = Bench.random(actual, 1);
        assertThatThrownBy(() -> volume.ingest(bench.spec(100_000), Bench.channel(content)))
            .isInstanceOfSatisfying(
                LarderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.BODY_INCOMPLETE));
      }
      assertThat(volume.statistics().uniqueBlocks()).isZero();
    }
  }

  @Test
  void takesAStreamOfUnknownLength() throws IOException {
    byte[] content = Bench.text(2_345_678, 9);
    try (Volume volume = bench.open(disk);
        StagedArtifact staged =
            volume.ingest(
                bench.spec(OptionalLong.empty(), Cancellation.NEVER), Bench.channel(content))) {
      volume.commit(List.of(new Change.Add(staged)));
      assertThat(Bench.get(volume, staged.digest())).isEqualTo(content);
    }
  }

  @Test
  void anotherGatewayRaisesTheEpochWithItsFirstWrite() throws IOException {
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(10, 1));
      assertThat(volume.epoch()).isEqualTo(1);
    }
    try (Volume volume = Volume.open(disk.open(), bench.context(new UUID(2, 2)))) {
      assertThat(volume.epoch()).isEqualTo(1);
      bench.put(volume, Bench.random(10, 2));
      assertThat(volume.epoch()).isEqualTo(2);
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifacts()).hasSize(2);
      bench.put(volume, Bench.random(10, 3));
      assertThat(volume.epoch()).isEqualTo(3);
    }
  }

  @Test
  void aClosedVolumeSaysSo() throws IOException {
    Volume volume = bench.open(disk);
    bench.put(volume, Bench.random(10, 1));
    volume.close();
    volume.close();
    assertThatThrownBy(() -> bench.put(volume, Bench.random(10, 2)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThatThrownBy(volume::freeForPuts).isInstanceOf(LarderException.class);
  }

  @Test
  void readsAReadOnlyVolumeAndRefusesChanges() throws IOException {
    byte[] content = Bench.text(500_000, 1);
    Digest digest;
    try (Volume volume = bench.open(disk)) {
      digest = bench.put(volume, content);
    }
    disk.writable = false;
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.writable()).isFalse();
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
      assertThatThrownBy(() -> bench.put(volume, Bench.random(10, 2)))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    }
    MemoryDisk empty = new MemoryDisk();
    empty.writable = false;
    assertThatThrownBy(() -> bench.open(empty))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
  }

  @Test
  void aMissingCodecIsSaidAndReadableAgainWhenItReturns() throws IOException {
    byte[] content = Bench.text(500_000, 1);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      bench.codecs.missing = true;
      assertThatThrownBy(() -> Bench.get(volume, digest))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CODEC_MISSING));
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
      assertThat(volume.scrub(Cancellation.NEVER).findings()).hasSize(1);
      bench.codecs.missing = false;
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }

  @Test
  void keepsOverheadLow() throws IOException {
    List<Digest> roots = new ArrayList<>();
    try (Volume volume = bench.open(disk)) {
      roots.add(bench.put(volume, Bench.random(32 << 20, 1)));
    }
    long stored = 32 << 20;
    assertThat((double) stored / disk.used()).isGreaterThan(0.995);
  }
}
