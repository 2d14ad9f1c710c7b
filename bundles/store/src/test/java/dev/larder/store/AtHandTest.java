package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that need not take every block from the medium. */
class AtHandTest {

  private static final int BLOCK = 4 << 10;
  private static final int BLOCKS = 200;

  private final Bench bench = new Bench(BLOCK);
  private final MemoryDisk disk = new MemoryDisk();

  @AfterEach
  void closeBench() {
    bench.close();
  }

  /** Some blocks in memory; of some it only says that it has them. */
  private static final class Held implements BlocksAtHand {
    final Map<Digest, ByteBuffer> blocks = new ConcurrentHashMap<>();
    final Set<Digest> gone = ConcurrentHashMap.newKeySet();

    void add(byte[] content, int index) {
      ByteBuffer block = block(content, index);
      byte[] bytes = new byte[block.remaining()];
      block.get(0, bytes);
      blocks.put(Bench.digest(bytes), block);
    }

    @Override
    public boolean has(Digest hash, int length) {
      return gone.contains(hash) || blocks.containsKey(hash);
    }

    @Override
    public boolean read(Digest hash, ByteBuffer target) {
      ByteBuffer block = blocks.get(hash);
      if (block == null) {
        target.put((byte) 1); // it fails half-way
        return false;
      }
      target.put(block.duplicate());
      return true;
    }
  }

  private static ByteBuffer block(byte[] content, int index) {
    int from = index * BLOCK;
    return ByteBuffer.wrap(content).slice(from, Math.min(BLOCK, content.length - from));
  }

  private record Got(byte[] content, ReadFigures figures) {}

  private static Got get(Volume volume, Digest digest, long offset, long length, BlocksAtHand held)
      throws IOException {
    byte[] content = new byte[(int) length];
    ReadFigures figures =
        volume.read(
            Lane.SWAP,
            volume.manifest(digest),
            offset,
            length,
            held,
            (at, bytes) -> bytes.get(content, (int) (at - offset), bytes.remaining()),
            Cancellation.NEVER);
    return new Got(content, figures);
  }

  @Test
  void onlyWhatIsNotAtHandIsRead() throws IOException {
    byte[] content = Bench.random(BLOCKS * BLOCK - 100, 1);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      for (int seed = 0; seed < 30; seed++) {
        Random random = new Random(seed);
        int share = random.nextInt(101);
        Held held = new Held();
        long toRead = 0;
        for (int i = 0; i < BLOCKS; i++) {
          int length = block(content, i).remaining();
          if (random.nextInt(100) < share) {
            held.add(content, i);
          } else {
            toRead += length;
          }
        }
        for (Digest hash : List.copyOf(held.blocks.keySet())) {
          if (random.nextInt(10) == 0) {
            toRead += held.blocks.remove(hash).remaining();
            held.gone.add(hash);
          }
        }
        Got got = get(volume, digest, 0, content.length, held);
        assertThat(got.content()).as("seed %s", seed).isEqualTo(content);
        assertThat(got.figures()).isEqualTo(new ReadFigures(toRead, content.length - toRead));
      }
    }
  }

  @Test
  void aPartOfABlockAtHandIsTakenFromIt() throws IOException {
    byte[] content = Bench.random(BLOCKS * BLOCK, 1);
    Held held = new Held();
    held.add(content, 3);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      Got got = get(volume, digest, 3 * BLOCK + 10, 100, held);
      assertThat(ByteBuffer.wrap(got.content()))
          .isEqualTo(ByteBuffer.wrap(content, 3 * BLOCK + 10, 100));
      assertThat(got.figures()).isEqualTo(new ReadFigures(0, 100));
    }
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

  /** Returns what is stored for it. */
  private long putAgainst(Volume volume, byte[] content, byte[] predecessor) throws IOException {
    IngestSpec spec =
        new IngestSpec(
            ArtifactKind.MODEL,
            OptionalLong.of(content.length),
            Bench.FIXED,
            bench.cutter(BLOCK),
            new Deflating(),
            Cancellation.NEVER,
            Optional.of(Bench.digest(predecessor)));
    try (StagedArtifact staged = volume.ingest(spec, Bench.channel(content))) {
      volume.commit(List.of(new Change.Add(staged)));
      return staged.storedBytes();
    }
  }

  @Test
  void whatNeighboursStandOnIsReadOnce() throws IOException {
    byte[] first = Bench.random(BLOCK, 1);
    byte[] second = new byte[BLOCKS * BLOCK];
    for (int i = 0; i < BLOCKS; i++) {
      System.arraycopy(first, 0, second, i * BLOCK, BLOCK);
      second[i * BLOCK + i * 17]++;
    }
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, first);
      long stored = putAgainst(volume, second, first);
      assertThat(stored).isLessThan(second.length / 10);
      Got got = get(volume, Bench.digest(second), 0, second.length, BlocksAtHand.NONE);
      assertThat(got.content()).isEqualTo(second);
      assertThat(got.figures().bytesRead()).isBetween(stored + BLOCK, stored + 8 * BLOCK);
    }
  }

  @Test
  void basesAtHandAreNotReadAndThoseThatAreReadCount() throws IOException {
    byte[] first = Bench.random(BLOCKS * BLOCK, 1);
    byte[] second = first.clone();
    Random random = new Random(2);
    for (int i = 0; i < BLOCKS; i++) {
      second[i * BLOCK + random.nextInt(BLOCK)]++;
    }
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, first);
      long stored = putAgainst(volume, second, first);
      assertThat(stored).isLessThan(second.length / 10);
      Held held = new Held();
      Got cold = get(volume, Bench.digest(second), 0, second.length, held);
      for (int i = 0; i < BLOCKS; i++) {
        held.add(first, i);
      }
      Got warm = get(volume, Bench.digest(second), 0, second.length, held);
      held.gone.addAll(held.blocks.keySet());
      held.blocks.clear();
      Got gone = get(volume, Bench.digest(second), 0, second.length, held);
      assertThat(cold.figures()).isEqualTo(new ReadFigures(stored + first.length, 0));
      assertThat(warm.figures()).isEqualTo(new ReadFigures(stored, 0));
      assertThat(gone.figures()).isEqualTo(cold.figures());
      for (Got got : List.of(cold, warm, gone)) {
        assertThat(got.content()).isEqualTo(second);
      }
    }
  }
}
