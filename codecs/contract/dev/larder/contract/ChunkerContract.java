package dev.larder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every chunker must do. */
public abstract class ChunkerContract {

  /** The chunker under test. */
  protected abstract Chunker chunker();

  /** Parameters that are not its own, or out of range. */
  protected abstract List<String> wrongParameters();

  /** A content of random bytes. */
  protected static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** What is known of a content. */
  protected static ContentProbe probe(byte[] content) {
    int head = Math.min(content.length, ContentProbe.HEAD_BYTES);
    return new ContentProbe(
        ArtifactKind.MODEL,
        OptionalLong.of(content.length),
        ByteBuffer.wrap(content, 0, head).slice().asReadOnlyBuffer(),
        Optional.empty());
  }

  /** Lengths of all blocks. */
  protected final List<Integer> cut(byte[] content, String parameters, int windowExtra) {
    BlockCutter cutter = chunker().newCutter(probe(content), parameters);
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();
    return cut(windowExtra % 2 == 0 ? ByteBuffer.wrap(content) : direct, cutter, windowExtra);
  }

  private static List<Integer> cut(ByteBuffer content, BlockCutter cutter, int windowExtra) {
    List<Integer> lengths = new ArrayList<>();
    int max = cutter.maxBlockBytes();
    for (int at = 0; at < content.capacity(); ) {
      int end = Math.min(content.capacity(), at + max + windowExtra);
      ByteBuffer window = content.duplicate().limit(end).position(at);
      Cut cut = cutter.next(window, end == content.capacity());
      assertThat(window.position()).isEqualTo(at);
      assertThat(window.limit()).isEqualTo(end);
      assertThat(cut.length()).isBetween(1, Math.min(max, end - at));
      lengths.add(cut.length());
      at += cut.length();
    }
    return lengths;
  }

  @Test
  void theSameContentIsCutAlikeWhateverTheWindow() {
    byte[] content = random(3_000_000, 1);
    String parameters = chunker().newCutter(probe(content), "").parameters();
    List<Integer> lengths = cut(content, "", 0);
    assertThat(cut(content, parameters, 1)).isEqualTo(lengths);
    assertThat(cut(content, parameters, 777_777)).isEqualTo(lengths);
    assertThat(cut(content, parameters, 4 << 20)).isEqualTo(lengths);
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(content.length);
  }

  @Test
  void contentsOfAnyLengthAreCut() {
    for (int length : new int[] {1, 2, 511, 512, 513, 16383, 16384, 16385, 65535, 65536, 65537}) {
      assertThat(cut(new byte[length], "", 0).stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(length);
      assertThat(cut(random(length, length), "", 1).stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(length);
    }
  }

  @Test
  void contentsWithoutVarietyAreCutAtTheLongest() {
    BlockCutter cutter = chunker().newCutter(probe(new byte[1]), "");
    List<Integer> lengths = cut(new byte[3 * cutter.maxBlockBytes()], "", 0);
    assertThat(lengths).allMatch(length -> length <= cutter.maxBlockBytes());
  }

  @Test
  void parametersAreShortAndTheirOwn() {
    BlockCutter cutter = chunker().newCutter(probe(new byte[1]), "");
    assertThat(cutter.parameters()).matches("[\\x20-\\x7e]{1,256}");
    assertThat(chunker().newCutter(probe(new byte[1]), cutter.parameters()).parameters())
        .isEqualTo(cutter.parameters());
    for (String wrong : wrongParameters()) {
      assertThatThrownBy(() -> chunker().newCutter(probe(new byte[1]), wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
