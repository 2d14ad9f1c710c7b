package dev.larder.itest.fuzz;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.codec.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A chunker. The input: parameters behind their length in a byte, how often the rest is repeated,
 * the rest. The cuts cover the content and no more, none is longer than the cutter says, and the
 * cutter's own parameters cut alike.
 */
record ChunkerTarget(Chunker chunker) implements Target {

  private static final int LONGEST = 1 << 20;

  @Override
  public void take(byte[] input) {
    Bytes in = new Bytes(input);
    String parameters = new String(in.take(in.next()), StandardCharsets.US_ASCII);
    int times = 1 + in.next();
    byte[] piece = in.rest();
    int length = Math.min(LONGEST, piece.length * times);
    ByteBuffer content = ByteBuffer.allocate(length);
    while (content.hasRemaining()) {
      content.put(piece, 0, Math.min(piece.length, content.remaining()));
    }
    content.flip();
    ContentProbe probe =
        new ContentProbe(
            ArtifactKind.MODEL,
            OptionalLong.of(length),
            content.asReadOnlyBuffer(),
            Optional.empty());
    int suitability = chunker.suitability(probe);
    require(suitability >= 0 && suitability <= 100, "suitability " + suitability);
    BlockCutter cutter = cutter(probe, parameters);
    List<Integer> cuts = cut(cutter, content);
    BlockCutter again = chunker.newCutter(probe, cutter.parameters());
    require(cut(again, content).equals(cuts), "its own parameters cut otherwise");
  }

  private BlockCutter cutter(ContentProbe probe, String parameters) {
    try {
      return chunker.newCutter(probe, parameters);
    } catch (IllegalArgumentException e) {
      return chunker.newCutter(probe, ""); // as its contract says
    }
  }

  private static List<Integer> cut(BlockCutter cutter, ByteBuffer content) {
    int most = cutter.maxBlockBytes();
    require(most >= 1 && most <= Codec.MAX_BLOCK_BYTES, "blocks of up to " + most);
    require(cutter.parameters().length() <= 256, "long parameters");
    List<Integer> cuts = new ArrayList<>();
    int at = 0;
    while (at < content.limit()) {
      int window = Math.min(most, content.limit() - at);
      ByteBuffer left = content.slice(at, window);
      int length = cutter.next(left, at + window == content.limit()).length();
      require(left.position() == 0 && left.limit() == window, "the window was moved");
      require(length >= 1 && length <= window, "a block of " + length + " of " + window);
      cuts.add(length);
      at += length;
    }
    return cuts;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
