package dev.larder.media.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.media.folder.ReadTuning.Point;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Media as formulas: a time for each read, and a bandwidth that all reads share. */
final class ReadTuningTest {

  private static final int KIB = 1 << 10;

  private static List<Point> sweep(double readSeconds, double bandwidth) throws IOException {
    return ReadTuning.sweep(
        (extent, depth) ->
            Optional.of(Math.min(bandwidth, depth * extent / (readSeconds + extent / bandwidth))));
  }

  private static Point chosen(double readMicros, double megabytes) throws IOException {
    List<Point> seen = sweep(readMicros / 1e6, megabytes * 1e6);
    assertThat(ReadTuning.complete(seen)).isTrue();
    return ReadTuning.choose(seen);
  }

  @Test
  void aCardIsFilledByTwoSmallExtents() throws IOException {
    Point point = chosen(600, 104);
    assertThat(point.extentBytes()).isEqualTo(256 * KIB);
    assertThat(point.depth()).isEqualTo(2);
    assertThat(point.bytesPerSecond()).isEqualTo(104e6);
  }

  @Test
  void aQuickDriveTakesMoreOfThem() throws IOException {
    Point point = chosen(150, 3500);
    assertThat(point.extentBytes()).isEqualTo(256 * KIB);
    assertThat(point.depth()).isEqualTo(4);
  }

  @Test
  void whatIsFarAwayTakesLargeOnes() throws IOException {
    Point point = chosen(10_000, 1000);
    assertThat(point.extentBytes()).isEqualTo(1024 * KIB);
    assertThat(point.depth()).isEqualTo(4);
  }

  @Test
  void almostAllIsEnough() {
    List<Point> seen =
        List.of(
            new Point(64 * KIB, 1, 100),
            new Point(256 * KIB, 1, 100),
            new Point(256 * KIB, 2, 94.9),
            new Point(256 * KIB, 4, 95.1),
            new Point(1024 * KIB, 2, 100));
    assertThat(ReadTuning.choose(seen)).isEqualTo(seen.get(3));
  }

  @Test
  void blocksAreNeverReadOneByOne() {
    List<Point> seen =
        List.of(
            new Point(64 * KIB, 4, 100), new Point(256 * KIB, 2, 60), new Point(1024 * KIB, 4, 70));
    assertThat(ReadTuning.choose(seen)).isEqualTo(seen.get(2));
  }

  @Test
  void withoutTimeForAllNoneIsChosen() throws IOException {
    List<Point> seen =
        ReadTuning.sweep(
            (extent, depth) -> extent == 1024 * KIB ? Optional.of(5.0) : Optional.empty());
    assertThat(ReadTuning.complete(seen)).isFalse();
    assertThat(ReadTuning.best(seen)).isEqualTo(5);
  }
}
