package dev.larder.tiering.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CoverageTest {

  @Test
  void whatWasNotDeliveredIsMissing() {
    Coverage coverage = new Coverage();
    assertThat(coverage.gaps(100)).containsExactly(new Coverage.Range(0, 100));
    coverage.add(10, 20);
    coverage.add(50, 10);
    assertThat(coverage.gaps(100))
        .containsExactly(
            new Coverage.Range(0, 10), new Coverage.Range(30, 20), new Coverage.Range(60, 40));
    coverage.add(25, 30);
    coverage.add(0, 10);
    coverage.add(60, 40);
    assertThat(coverage.gaps(100)).isEmpty();
    assertThat(coverage.gaps(0)).isEmpty();
  }

  @Test
  void anyOrderOfPiecesGivesTheSame() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      Coverage coverage = new Coverage();
      boolean[] expected = new boolean[64];
      for (int i = 0; i < 12; i++) {
        int from = random.nextInt(64);
        int length = random.nextInt(64 - from + 1);
        coverage.add(from, length);
        java.util.Arrays.fill(expected, from, from + length, true);
      }
      boolean[] missing = new boolean[64];
      coverage
          .gaps(64)
          .forEach(
              gap ->
                  java.util.Arrays.fill(
                      missing, (int) gap.offset(), (int) (gap.offset() + gap.length()), true));
      for (int i = 0; i < 64; i++) {
        assertThat(missing[i]).isNotEqualTo(expected[i]);
      }
    }
  }
}
