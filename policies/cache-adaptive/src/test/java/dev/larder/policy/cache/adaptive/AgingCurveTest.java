package dev.larder.policy.cache.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class AgingCurveTest {

  private final AgingCurve curve = new AgingCurve();

  @Test
  void nothingWasEvicted() {
    assertThat(curve.level()).isZero();
    assertThat(curve.at(5)).isZero();
  }

  @Test
  void theLevelOfTheTimeIsFound() {
    for (int tick = 0; tick < 500; tick++) {
      curve.evicted(tick, 2 * tick, 1);
    }
    assertThat(curve.level()).isEqualTo(998);
    assertThat(curve.at(100)).isEqualTo(200);
    assertThat(curve.at(10_000)).isEqualTo(998);
  }

  @Test
  void betweenTwoPointsItIsInProportion() {
    curve.evicted(100, 10, 1);
    curve.evicted(200, 20, 1);
    assertThat(curve.at(150)).isEqualTo(15, within(1e-9));
    assertThat(curve.at(99)).isZero();
  }

  @Test
  void itNeverFallsAndForgetsTheOldest() {
    for (int tick = 0; tick < 100_000; tick++) {
      curve.evicted(tick, tick % 1_000 + tick / 10.0, 640);
    }
    double before = 0;
    for (int tick = 0; tick < 100_000; tick += 7) {
      assertThat(curve.at(tick)).isGreaterThanOrEqualTo(before);
      before = curve.at(tick);
    }
    for (int tick = 100_000; tick < 200_000; tick++) {
      curve.evicted(tick, 1e6 + tick, 1);
    }
    assertThat(curve.at(5)).isGreaterThan(1e6); // as the oldest that is known
  }
}
