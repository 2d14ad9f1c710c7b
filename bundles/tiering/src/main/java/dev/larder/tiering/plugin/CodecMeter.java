package dev.larder.tiering.plugin;

import dev.larder.spi.codec.CodecFigures;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What codecs have been seen to do: how far they pack the blocks of each kind, and how fast they
 * decode. Both are exponentially decayed geometric means, in which a call that was interrupted for
 * a thousand times its length counts little.
 *
 * <p>A stored form does not say what kind of block is in it, but how fast it is decoded depends on
 * how far it is packed: rates are kept for what is packed to half or less, and for the rest, and a
 * kind of block has the one that its ratio stands for.
 *
 * <p>Any thread. A block that is decoded costs a look into a map and one atomic addition.
 */
public final class CodecMeter {

  /** Of smaller blocks the call itself takes too large a part of the time. */
  static final int FEWEST_BYTES = 16 << 10;

  /** So many decodes of a codec do not count: it is not compiled yet. */
  static final int WARM_UP = 2048;

  /** Then one decode in so many counts. */
  static final int ONE_IN = 8;

  private static final int STRONG = 2;
  private static final double RATIO_WEIGHT = 1.0 / 8;
  private static final double RATE_WEIGHT = 1.0 / 64;

  private final Map<BlockKind, Map<String, Mean>> ratios = new ConcurrentHashMap<>();
  private final Map<String, Decoding> decoding = new ConcurrentHashMap<>();

  /** A mean of all that was added, the latest most. */
  private static final class Mean {
    private final double weight;
    private volatile double value; // NaN if nothing is known

    Mean(double start, double weight) {
      this.value = start;
      this.weight = weight;
    }

    synchronized void add(double seen) {
      value = Double.isNaN(value) ? seen : value * Math.pow(seen / value, weight);
    }
  }

  private static final class Decoding {
    private final AtomicLong calls = new AtomicLong();
    private final Mean weak;
    private final Mean strong;

    Decoding(StartingFigures start) {
      weak = new Mean(start.weak(), RATE_WEIGHT);
      strong = new Mean(start.strong(), RATE_WEIGHT);
    }

    boolean counts() {
      long call = calls.getAndIncrement();
      return call >= WARM_UP && call % ONE_IN == 0;
    }
  }

  /**
   * A block was encoded.
   *
   * @param raw its length
   * @param stored length of its stored form; that of the block if it is stored as it is
   */
  public void encoded(BlockKind kind, String codec, int raw, int stored) {
    ratio(kind, codec).add((double) raw / stored);
  }

  private Mean ratio(BlockKind kind, String codec) {
    return ratios
        .computeIfAbsent(kind, k -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            codec, name -> new Mean(StartingFigures.of(name).ratio(kind), RATIO_WEIGHT));
  }

  /**
   * A block that stands alone was decoded.
   *
   * @param raw its length
   * @param stored length of its stored form
   * @param nanos how long that took
   */
  void decoded(String codec, int raw, int stored, long nanos) {
    if (raw < FEWEST_BYTES) {
      return;
    }
    Decoding of = decoding(codec);
    if (of.counts()) {
      Mean rate = raw >= (long) STRONG * stored ? of.strong : of.weak;
      rate.add(raw * 1e9 / Math.max(1, nanos));
    }
  }

  private Decoding decoding(String codec) {
    Decoding known = decoding.get(codec); // no lambda on the usual way
    return known != null
        ? known
        : decoding.computeIfAbsent(codec, name -> new Decoding(StartingFigures.of(name)));
  }

  /** What a codec does with blocks of a kind. One that was never used keeps its first figures. */
  public CodecFigures figures(BlockKind kind, String codec) {
    double seen = ratio(kind, codec).value;
    double ratio = Double.isNaN(seen) ? 1 : seen;
    Decoding of = decoding(codec);
    return new CodecFigures(codec, ratio, (ratio >= STRONG ? of.strong : of.weak).value);
  }

  /** The codecs in the order in which equals are left: known ones first. */
  public List<String> startingOrder(BlockKind kind, Collection<String> codecs) {
    return Stream.concat(
            StartingFigures.order(kind).stream().filter(codecs::contains), codecs.stream().sorted())
        .distinct()
        .toList();
  }
}
