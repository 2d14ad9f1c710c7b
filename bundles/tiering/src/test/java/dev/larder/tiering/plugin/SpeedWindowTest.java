package dev.larder.tiering.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedWindowTest {

  private final SpeedWindow window = new SpeedWindow(5, 100);

  @Test
  void fewSlowCallsAmongQuickOnesDoNotCount() {
    for (long nanos : new long[] {10, 1_000_000, 10, 1_000_000, 10}) {
      assertThat(window.add(1, nanos)).isZero();
    }
  }

  @Test
  void aSlowMedianIsTold() {
    for (long nanos : new long[] {10, 200, 300, 10}) {
      assertThat(window.add(1, nanos)).isZero();
    }
    assertThat(window.add(1, 150)).isEqualTo(150);
    assertThat(window.add(1, 500)).isZero(); // a new window
  }

  @Test
  void anotherCalleeStartsANewWindow() {
    for (int i = 0; i < 4; i++) {
      window.add(1, 1_000);
    }
    assertThat(window.add(2, 1_000)).isZero();
  }
}
