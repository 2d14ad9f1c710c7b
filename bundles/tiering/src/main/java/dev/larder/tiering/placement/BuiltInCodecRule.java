package dev.larder.tiering.placement;

import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.codec.CodecRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Ranks codecs by what a byte costs to swap in, then by size. Reading, decoding and all else that a
 * swap does overlap, so the slowest of them is the cost. Costs that are nearly the same count as
 * equal, and of equals the smaller comes first; where sizes are nearly the same, too, the order
 * stays as it was.
 */
public final class BuiltInCodecRule implements CodecRule {

  /** Its name. */
  public static final String SHORT_NAME = "swap-cost";

  private static final double NEARLY = 1.08;

  /**
   * Bytes that a swap was seen to hand over, at the most, from a medium that is fast enough:
   * checking and writing to tmpfs are the rest of its work. A codec that decodes faster than that
   * saves nothing.
   */
  private static final double SWAP_BYTES_PER_SECOND = 1.2e9;

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public List<String> rank(CodecRequest request, List<CodecFigures> codecs) {
    List<CodecFigures> left = new ArrayList<>(codecs);
    List<String> ranked = new ArrayList<>();
    while (!left.isEmpty()) {
      List<CodecFigures> cheapest = least(left, codec -> secondsPerByte(request, codec));
      CodecFigures best = least(cheapest, codec -> 1 / codec.ratio()).get(0);
      ranked.add(best.codec());
      left.remove(best);
    }
    return ranked;
  }

  private static double secondsPerByte(CodecRequest request, CodecFigures codec) {
    double read = 1 / (codec.ratio() * request.medium().readBytesPerSecond());
    double decode = 1 / (codec.decodeBytesPerSecond() * request.cores());
    return Math.max(Math.max(read, decode), 1 / SWAP_BYTES_PER_SECOND);
  }

  /** Those of which something is least, or nearly so; at least one. */
  private static List<CodecFigures> least(
      List<CodecFigures> codecs, ToDoubleFunction<CodecFigures> what) {
    double least = codecs.stream().mapToDouble(what).min().orElseThrow();
    return codecs.stream().filter(codec -> what.applyAsDouble(codec) <= least * NEARLY).toList();
  }
}
