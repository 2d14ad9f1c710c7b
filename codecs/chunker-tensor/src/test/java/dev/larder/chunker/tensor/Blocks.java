package dev.larder.chunker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Cuts contents, and checks that each is cut as a whole. */
final class Blocks {

  private static final TensorChunker CHUNKER = new TensorChunker();

  private Blocks() {}

  static ContentProbe probe(byte[] content) {
    return new ContentProbe(
        ArtifactKind.MODEL, OptionalLong.of(content.length), head(content), Optional.empty());
  }

  static ContentProbe probe(byte[] content, MemoryChannel source) {
    return new ContentProbe(
        ArtifactKind.MODEL, OptionalLong.empty(), head(content), Optional.of(source));
  }

  static ByteBuffer head(byte[] content) {
    int length = Math.min(content.length, ContentProbe.HEAD_BYTES);
    return ByteBuffer.wrap(content, 0, length).slice().asReadOnlyBuffer();
  }

  static int suitability(byte[] content) {
    return CHUNKER.suitability(probe(content, new MemoryChannel(content, 0)));
  }

  static List<Cut> cut(byte[] content, String parameters) {
    ContentProbe probe = probe(content, new MemoryChannel(content, 0));
    return cut(content, CHUNKER.newCutter(probe, parameters));
  }

  /** Cuts a content with a cutter that was perhaps made for another one. */
  static List<Cut> cut(byte[] content, BlockCutter cutter) {
    List<Cut> cuts = new ArrayList<>();
    int max = cutter.maxBlockBytes();
    for (int at = 0; at < content.length; ) {
      int left = content.length - at;
      ByteBuffer window = ByteBuffer.wrap(content, at, Math.min(max, left));
      Cut cut = cutter.next(window, left <= max);
      assertThat(cut.length()).isBetween(1, Math.min(max, left));
      int elementBytes = cut.annotation().elementBytes();
      assertThat(elementBytes).isIn(0, 1, 2, 4, 8);
      assertThat(cut.annotation().phase()).isBetween(0, Math.max(0, elementBytes - 1));
      cuts.add(cut);
      at += cut.length();
    }
    return cuts;
  }

  static List<ByteBuffer> split(byte[] content, String parameters) {
    List<ByteBuffer> blocks = new ArrayList<>();
    int at = 0;
    for (Cut cut : cut(content, parameters)) {
      blocks.add(ByteBuffer.wrap(content).slice(at, cut.length()));
      at += cut.length();
    }
    return blocks;
  }

  /** Bytes of the second content in blocks that the first one does not have. */
  static long news(byte[] before, byte[] after, String parameters) {
    Set<ByteBuffer> known = new HashSet<>(split(before, parameters));
    return split(after, parameters).stream()
        .filter(block -> !known.contains(block))
        .mapToLong(ByteBuffer::remaining)
        .sum();
  }
}
