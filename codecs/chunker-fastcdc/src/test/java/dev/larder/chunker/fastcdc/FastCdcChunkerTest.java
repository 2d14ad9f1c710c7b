package dev.larder.chunker.fastcdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.contract.ChunkerContract;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FastCdcChunkerTest extends ChunkerContract {

  private static final String COARSE = "min=16384,avg=65536,max=262144,nc=2";
  private static final String SMALL = "min=4096,avg=16384,max=65536,nc=2";

  @Override
  protected Chunker chunker() {
    return new FastCdcChunker();
  }

  @Override
  protected List<String> wrongParameters() {
    return List.of(
        "size=65536",
        "min=16384,avg=65536,max=262144",
        "min=16384,avg=65536,max=262144,nc=4",
        "min=16384,avg=65537,max=262144,nc=2",
        "min=65536,avg=65536,max=262144,nc=2",
        "min=16384,avg=65536,max=65536,nc=2",
        "min=16384,avg=65536,max=8388608,nc=2",
        "min=1,avg=65536,max=262144,nc=2",
        "min=16384,avg=65536,max=262144,nc=2,");
  }

  /** Changing the cuts loses the deduplication of all that is stored: it wants a new version. */
  @Test
  void cutsAreFrozen() {
    long[] table = Gear.table();
    assertThat(table[0]).isEqualTo(TABLE_0);
    assertThat(Arrays.hashCode(table)).isEqualTo(TABLE_HASH);
    assertThat(cut(random(600_000, 42), COARSE, 0)).containsExactly(CUTS);
    assertThat(cut(random(120_000, 42), SMALL, 0)).containsExactly(SMALL_CUTS);
  }

  @Test
  void averageAndBoundsAreKept() {
    List<Integer> lengths = cut(random(32 << 20, 7), COARSE, 0);
    assertThat(lengths.subList(0, lengths.size() - 1))
        .allMatch(length -> length >= 16 << 10 && length <= 256 << 10);
    assertThat((32 << 20) / lengths.size()).isBetween(56 << 10, 84 << 10);
  }

  @Test
  void insertedBytesChangeFewBlocks() {
    byte[] before = random(4 << 20, 3);
    byte[] after = new byte[before.length + 104];
    System.arraycopy(before, 0, after, 0, 1000);
    System.arraycopy(before, 1000, after, 1104, before.length - 1000);
    Set<ByteBuffer> known = new HashSet<>(split(before));
    long news = split(after).stream().filter(block -> !known.contains(block)).count();
    assertThat(news).isBetween(1L, 4L);
  }

  private List<ByteBuffer> split(byte[] content) {
    List<ByteBuffer> blocks = new java.util.ArrayList<>();
    int at = 0;
    for (int length : cut(content, COARSE, 0)) {
      blocks.add(ByteBuffer.wrap(content).slice(at, length));
      at += length;
    }
    return blocks;
  }

  @Test
  void aRestAsShortAsTheShortestBlockIsOneBlock() {
    assertThat(cut(random(16384, 1), COARSE, 0)).containsExactly(16384);
    assertThat(cut(new byte[16385], COARSE, 0)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void bytesBehindTheCutDoNotMatter() {
    byte[] content = random(1 << 20, 5);
    int first = cut(content, "", 0).get(0);
    byte[] other = random(1 << 20, 6);
    System.arraycopy(content, 0, other, 0, first);
    assertThat(cut(other, "", 0).get(0)).isEqualTo(first);
  }

  @Test
  void masksHaveAsManyBitsAsAsked() {
    for (int bits = 5; bits <= 25; bits++) {
      assertThat(Long.bitCount(Gear.mask(bits))).isEqualTo(bits);
    }
  }

  @Test
  void sizesSuitTheContent() {
    ByteBuffer bytes = weights(1);
    ByteBuffer nothing = ByteBuffer.allocate(0);
    Object[][] choices = {
      {ArtifactKind.MODEL, OptionalLong.of(256L << 20), weights(4), 65536},
      {ArtifactKind.MODEL, OptionalLong.of(256L << 20), weights(2), 65536},
      {ArtifactKind.MODEL, OptionalLong.of(256L << 20), bytes, 131072},
      {ArtifactKind.MODEL, OptionalLong.of(10), nothing, 131072},
      {ArtifactKind.MODEL, OptionalLong.of((256L << 20) + 1), weights(4), 262144},
      {ArtifactKind.MODEL, OptionalLong.empty(), weights(4), 262144},
      {ArtifactKind.PROTOCOL_DATA, OptionalLong.empty(), weights(4), 131072},
    };
    for (Object[] choice : choices) {
      ContentProbe probe =
          new ContentProbe(
              (ArtifactKind) choice[0],
              (OptionalLong) choice[1],
              (ByteBuffer) choice[2],
              Optional.empty());
      assertThat(chunker().newCutter(probe, "").maxBlockBytes()).isEqualTo(choice[3]);
    }
  }

  /** Not at a multiple of their size: behind a header. */
  private static ByteBuffer weights(int size) {
    ByteBuffer head = ByteBuffer.allocate(50_001).order(ByteOrder.LITTLE_ENDIAN).position(1);
    Random random = new Random(1);
    while (head.remaining() >= size) {
      double weight = random.nextGaussian();
      int bits = Float.floatToIntBits((float) (0.02 * weight));
      switch (size) {
        case 1 -> head.put((byte) Math.round(40 * weight));
        case 2 -> head.putShort((short) (bits >>> 16));
        default -> head.putInt(bits);
      }
    }
    return head.rewind();
  }

  @Test
  void cuttersDoNotDisturbOneAnother() {
    byte[] content = random(1 << 20, 8);
    BlockCutter one = chunker().newCutter(probe(content), "");
    BlockCutter two = chunker().newCutter(probe(content), "");
    two.next(ByteBuffer.wrap(content, 100, 500_000), false);
    assertThat(two.next(ByteBuffer.wrap(content), false))
        .isEqualTo(one.next(ByteBuffer.wrap(content), false));
  }

  private static final long TABLE_0 = 8309455883593870854L;
  private static final int TABLE_HASH = -1973858287;
  private static final Integer[] CUTS = {
    85342, 72057, 43233, 92731, 69039, 33771, 110501, 39908, 53418
  };
  private static final Integer[] SMALL_CUTS = {16420, 17552, 19553, 16918, 22867, 22590, 4100};
}
