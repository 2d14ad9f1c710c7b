package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocks that are stored as what they are against a block of the predecessor. */
class DeltaTest {

  private static final int BLOCK = 4 << 10;
  private static final int BLOCKS = 20;

  private final Bench bench = new Bench(BLOCK);
  private final MemoryDisk disk = new MemoryDisk();

  @AfterEach
  void closeBench() {
    bench.close();
  }

  private static final class Deflating implements CodecChoice {
    @Override
    public FormatId codecFor(BlockAnnotation annotation) {
      return TestCodecs.DEFLATE;
    }

    @Override
    public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
      return Optional.of(TestCodecs.DEFLATE);
    }
  }

  private StagedArtifact stage(Volume volume, byte[] content, Digest predecessor)
      throws IOException {
    IngestSpec spec =
        new IngestSpec(
            ArtifactKind.MODEL,
            OptionalLong.of(content.length),
            Bench.FIXED,
            bench.cutter(BLOCK),
            new Deflating(),
            Cancellation.NEVER,
            Optional.ofNullable(predecessor));
    return volume.ingest(spec, Bench.channel(content));
  }

  private Digest put(Volume volume, byte[] content, Digest predecessor) throws IOException {
    try (StagedArtifact staged = stage(volume, content, predecessor)) {
      volume.commit(List.of(new Change.Add(staged)));
      return staged.digest();
    }
  }

  /** Every block is another, but only a little. */
  private static byte[] edited(byte[] content, int seed) {
    byte[] edited = content.clone();
    Random random = new Random(seed);
    for (int at = 0; at < content.length; at += BLOCK) {
      edited[at + random.nextInt(Math.min(BLOCK, content.length - at))] ^= (byte) (seed + 1);
    }
    return edited;
  }

  private static byte[] content() {
    return Bench.random(BLOCKS * BLOCK - 100, 1);
  }

  private static void verify(Volume volume, byte[]... contents) throws IOException {
    for (byte[] content : contents) {
      assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
      assertThat(Bench.getInOrder(volume, Bench.digest(content))).isEqualTo(content);
    }
  }

  @Test
  void aNewVersionTakesWhatHasChanged() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    try (Volume volume = bench.open(disk)) {
      Digest before = put(volume, first, null);
      try (StagedArtifact staged = stage(volume, second, before)) {
        assertThat(staged.newBlocks()).isEqualTo(BLOCKS);
        assertThat(staged.storedBytes()).isLessThan(second.length / 25);
        volume.commit(List.of(new Change.Add(staged)));
      }
      verify(volume, first, second);
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
    }
    try (Volume volume = bench.open(disk)) {
      verify(volume, first, second);
    }
  }

  @Test
  void insertedBytesDoNotHideWhatIsBehindThem() throws IOException {
    byte[] first = content();
    byte[] second = new byte[first.length + 104];
    System.arraycopy(first, 0, second, 104, first.length);
    try (Volume volume = bench.open(disk)) {
      Digest before = put(volume, first, null);
      try (StagedArtifact staged = stage(volume, second, before)) {
        assertThat(staged.storedBytes()).isLessThan(second.length / 8);
        volume.commit(List.of(new Change.Add(staged)));
      }
      verify(volume, first, second);
    }
  }

  /** What re-exports do to models: the same tensors in another order. */
  @Test
  void piecesThatWereShuffledAreFoundWhereverTheyAre() throws IOException {
    int piece = 1500;
    byte[] first = Bench.random(BLOCKS * BLOCK, 1);
    byte[] second = new byte[first.length / piece * piece];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < second.length / piece; i++) {
      order.add(i);
    }
    for (int from = 0; from + 5 <= order.size(); from += 5) {
      Collections.shuffle(order.subList(from, from + 5), new Random(from));
    }
    for (int i = 0; i < order.size(); i++) {
      System.arraycopy(first, order.get(i) * piece, second, i * piece, piece);
    }
    byte[] third = edited(second, 3);
    try (Volume volume = bench.open(disk)) {
      Digest one = put(volume, first, null);
      Digest two;
      try (StagedArtifact staged = stage(volume, second, one)) {
        assertThat(staged.storedBytes()).isLessThan(second.length / 2);
        volume.commit(List.of(new Change.Add(staged)));
        two = staged.digest();
      }
      Digest three = put(volume, third, two);
      verify(volume, first, second, third);
      Bench.collect(volume, Set.of(three));
      verify(volume, third);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
    try (Volume volume = bench.open(disk)) {
      verify(volume, third);
    }
  }

  @Test
  void aBaseIsNeverADeltaAndLivesAsLongAsWhatStandsOnIt() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    byte[] third = edited(second, 3);
    Volume volume = bench.open(disk);
    Digest one = put(volume, first, null);
    Digest two = put(volume, second, one);
    Digest three = put(volume, third, two);
    Bench.collect(volume, Set.of(one, three)); // what lies between is not needed
    verify(volume, first, third);
    Bench.collect(volume, Set.of(three));
    assertThat(volume.artifacts()).hasSize(1);
    verify(volume, third);
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume again = bench.open(disk)) {
      verify(again, third);
      assertThat(again.scrub(Cancellation.NEVER).bad()).isZero();
      Bench.collect(again, Set.of());
      assertThat(again.statistics().uniqueBlocks()).isZero();
    }
  }

  @Test
  void aBaseThatIsCollectedBeforeTheDeltaIsAppendedIsDoneWithout() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    try (Volume volume = bench.open(disk)) {
      Digest one = put(volume, first, null);
      AtomicBoolean collected = new AtomicBoolean();
      var channel = Bench.channel(second);
      var late =
          new java.nio.channels.ReadableByteChannel() {
            @Override
            public int read(java.nio.ByteBuffer target) throws IOException {
              if (!collected.getAndSet(true)) {
                Bench.collect(volume, Set.of());
              }
              return channel.read(target);
            }

            @Override
            public boolean isOpen() {
              return true;
            }

            @Override
            public void close() {}
          };
      IngestSpec spec =
          new IngestSpec(
              ArtifactKind.MODEL,
              OptionalLong.of(second.length),
              Bench.FIXED,
              bench.cutter(BLOCK),
              new Deflating(),
              Cancellation.NEVER,
              Optional.of(one));
      try (StagedArtifact staged = volume.ingest(spec, late)) {
        volume.commit(List.of(new Change.Add(staged)));
      }
      assertThat(volume.artifacts()).hasSize(1);
      verify(volume, second);
    }
  }

  @Test
  void whatStandsOnADamagedBlockIsDamagedAndHealsWhenItIsPutAgain() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    try (Volume volume = bench.open(disk)) {
      Digest one = put(volume, first, null);
      Digest two = put(volume, second, one);
      Bench.collect(volume, Set.of(two));
      MemoryDisk.Pack pack = disk.packs.values().iterator().next();
      pack.bytes[10_000] ^= 1; // in a base
      assertThatThrownBy(() -> Bench.get(volume, two))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      assertThat(volume.damaged(Cancellation.NEVER)).hasSize(1);
      put(volume, second, null);
      verify(volume, second);
      assertThat(volume.damaged(Cancellation.NEVER)).isEmpty();
    }
  }

  /** The index of a pack that is kept names dead blocks, too. */
  @Test
  void aDeadDeltaThatComesBackWithoutItsBaseIsNeitherUsedNorDamage() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    byte[] third = Bench.random(400_000, 7);
    Digest one;
    Digest three;
    try (Volume volume = bench.open(disk)) {
      one = put(volume, first, null);
    }
    try (Volume volume = bench.open(disk)) { // in a pack of their own
      put(volume, second, one);
      three = put(volume, third, null);
    }
    try (Volume volume = bench.open(disk)) {
      Bench.collect(volume, Set.of(three));
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.statistics().uniqueBlocks()).isGreaterThan(third.length / BLOCK + 2);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
      Digest two = put(volume, second, null);
      verify(volume, second, third);
      Bench.collect(volume, Set.of(two, three));
      verify(volume, second, third);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }

  /** The same where what it stood on has been put again meanwhile, as a delta itself. */
  @Test
  void aDeadDeltaWhoseBaseHasBecomeADeltaIsNoDamage() throws IOException {
    byte[] first = content();
    byte[] second = edited(first, 2);
    byte[] near = edited(first, 5);
    byte[] third = Bench.random(400_000, 7);
    Digest one;
    Digest three;
    Digest four;
    try (Volume volume = bench.open(disk)) {
      one = put(volume, first, null);
    }
    try (Volume volume = bench.open(disk)) { // in a pack of their own
      put(volume, second, one);
      three = put(volume, third, null);
      four = put(volume, near, null);
    }
    try (Volume volume = bench.open(disk)) {
      Bench.collect(volume, Set.of(three, four));
    }
    try (Volume volume = bench.open(disk)) {
      put(volume, first, four);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
      verify(volume, first, third, near);
    }
  }

  @Test
  void versionsComeAndGoWhileTheyAreRead() throws IOException {
    Random random = new Random(5);
    byte[] content = content();
    try (Volume volume = bench.open(disk)) {
      Digest before = put(volume, content, null);
      for (int round = 0; round < 60; round++) {
        content = edited(content, round);
        before = put(volume, content, before);
        if (random.nextInt(3) == 0) {
          Bench.collect(volume, Set.of(before));
        }
        verify(volume, content);
      }
    }
    try (Volume volume = bench.open(disk)) {
      verify(volume, content);
    }
  }

  /** A third of every block is new. */
  private static byte[] rewritten(byte[] content, int seed) {
    byte[] rewritten = content.clone();
    for (int at = 0; at < content.length; at += BLOCK) {
      int bytes = Math.min(BLOCK / 3, content.length - at);
      System.arraycopy(Bench.random(bytes, seed * 1000 + at), 0, rewritten, at, bytes);
    }
    return rewritten;
  }

  @Test
  void aBaseThatOnlyOneDeltaKeepsIsDoneWithout() throws IOException {
    byte[] first = content();
    byte[] second = rewritten(first, 2);
    byte[] third = rewritten(second, 3);
    try (Volume volume = bench.open(disk)) {
      Digest one = put(volume, first, null);
      Digest two = put(volume, second, one);
      Digest three = put(volume, third, two);
      Bench.collect(volume, Set.of(two, three)); // two deltas need each base
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(3 * BLOCKS);
      verify(volume, second, third);
      Bench.collect(volume, Set.of(three));
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(BLOCKS);
      verify(volume, third);
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
    }
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume volume = bench.open(disk)) {
      verify(volume, third);
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(BLOCKS);
    }
  }

  @Test
  void aDeltaIsReadWhileItsBaseIsDoneWithout() throws Exception {
    byte[] content = content();
    try (Volume volume = bench.open(disk)) {
      Digest before = put(volume, content, null);
      for (int round = 0; round < 100; round++) {
        byte[] next = rewritten(content, round);
        Digest now = put(volume, next, before);
        CompletableFuture<Void> reader =
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 5; i++) {
                    assertThatCode(() -> verify(volume, next)).doesNotThrowAnyException();
                  }
                });
        Bench.collect(volume, Set.of(now));
        reader.get(1, TimeUnit.MINUTES);
        assertThat(volume.statistics().uniqueBlocks()).isEqualTo(BLOCKS);
        content = next;
        before = now;
      }
    }
  }
}
