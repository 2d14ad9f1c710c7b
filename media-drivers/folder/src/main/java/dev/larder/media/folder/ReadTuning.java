package dev.larder.media.folder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the smallest extents, and the fewest of them under way at once, that give almost all of a
 * medium's bandwidth: what is in flight costs memory, and what is read is given out whole.
 */
final class ReadTuning {

  /** Largest first: where the time is up early, the expected settings are judged at least. */
  private static final List<Integer> EXTENTS = List.of(1 << 20, 256 << 10, 64 << 10);

  private static final List<Integer> DEPTHS = List.of(1, 2, 4);

  /** Blocks are 64 KiB: with extents like that, each would be a read of its own. */
  private static final int SMALLEST_EXTENT = 256 << 10;

  /** With fewer the medium would rest while an extent is decoded. */
  private static final int SMALLEST_DEPTH = 2;

  private static final double ALMOST_ALL = 0.95;

  private ReadTuning() {}

  /** What was seen with one setting. */
  record Point(int extentBytes, int depth, double bytesPerSecond) {}

  /** Measures one setting. */
  interface Measure {
    /** Bytes a second; empty if there is no time left. */
    Optional<Double> bytesPerSecond(int extentBytes, int depth) throws IOException;
  }

  /** Measures all settings, as far as there is time. */
  static List<Point> sweep(Measure measure) throws IOException {
    List<Point> seen = new ArrayList<>();
    for (int extent : EXTENTS) {
      for (int depth : DEPTHS) {
        measure
            .bytesPerSecond(extent, depth)
            .ifPresent(rate -> seen.add(new Point(extent, depth, rate)));
      }
    }
    return seen;
  }

  /** Whether all settings were measured, so that one can be chosen. */
  static boolean complete(List<Point> seen) {
    return seen.size() == EXTENTS.size() * DEPTHS.size();
  }

  /** The best rate that was seen; 0 if none was. */
  static double best(List<Point> seen) {
    return seen.stream().mapToDouble(Point::bytesPerSecond).max().orElse(0);
  }

  /** The setting to read with from now on. */
  static Point choose(List<Point> seen) {
    double enough = ALMOST_ALL * best(seen);
    List<Point> allowed = seen.stream().filter(ReadTuning::allowed).toList();
    return allowed.stream()
        .filter(point -> point.bytesPerSecond() >= enough)
        .min(Comparator.comparingInt(Point::extentBytes).thenComparingInt(Point::depth))
        .or(() -> allowed.stream().max(Comparator.comparingDouble(Point::bytesPerSecond)))
        .orElseThrow();
  }

  private static boolean allowed(Point point) {
    return point.extentBytes() >= SMALLEST_EXTENT && point.depth() >= SMALLEST_DEPTH;
  }
}
