package dev.larder.tiering.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CourtesyTest {
  private static final long STEP = 1_000_000;

  /** Moves on by a step whenever somebody looks. */
  private long now;

  private long looks;

  @Test
  void restsSeveralTimesAsLongAsItWorkedWhileAModelIsLoaded() {
    Courtesy courtesy = new Courtesy(() -> true, this::nanoTime);
    now += 20 * STEP;
    long worked = now;
    courtesy.spent(1);
    assertThat(now - worked).isBetween(60 * STEP, 66 * STEP);
  }

  @Test
  void goesOnAtOnceWithNothingBeingLoaded() {
    Courtesy courtesy = new Courtesy(() -> false, this::nanoTime);
    now += 20 * STEP;
    long worked = now;
    courtesy.spent(1);
    assertThat(now - worked).isLessThan(5 * STEP);
  }

  @Test
  void goesOnAsSoonAsNothingIsLoadedAnyMore() {
    Courtesy courtesy = new Courtesy(() -> looks++ < 5, this::nanoTime);
    now += 20 * STEP;
    long worked = now;
    courtesy.spent(1);
    assertThat(now - worked).isLessThan(10 * STEP);
  }

  @Test
  void neverRestsLongerThanASecond() {
    Courtesy courtesy = new Courtesy(() -> true, this::nanoTime);
    now += 100_000 * STEP;
    long worked = now;
    courtesy.spent(1);
    assertThat(now - worked).isBetween(1_000 * STEP, 1_005 * STEP);
  }

  private long nanoTime() {
    now += STEP;
    return now;
  }
}
