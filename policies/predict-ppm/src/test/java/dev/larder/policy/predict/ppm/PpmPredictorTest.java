package dev.larder.policy.predict.ppm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PpmPredictorTest {

  private final PpmPredictor predictor = new PpmPredictor();
  private long tick;
  private long nanos = Duration.ofDays(3).toNanos();
  private UsageEvent latest = new UsageEvent(0, 0, 0, 0, OptionalInt.empty());

  private void use(long key) {
    use(key, 0, OptionalInt.empty());
  }

  private void use(long key, long stream, OptionalInt halfHour) {
    latest = new UsageEvent(key, stream, ++tick, nanos, halfHour);
    predictor.observe(latest);
  }

  private void use(String letters) {
    letters.chars().forEach(this::use);
  }

  private List<Long> guess(int limit) {
    return predictor.predict(latest, limit).stream().map(Prediction::key).toList();
  }

  @Test
  void nothingIsForeseenFromNothing() {
    assertThat(predictor.predict(latest, 3)).isEmpty();
    assertThat(predictor.snapshot()).isEmpty();
  }

  @Test
  void whatCameAfterIsLikelyToComeAfter() {
    use("ABCABCAB");
    assertThat(guess(1)).containsExactly((long) 'C');
    use('C');
    assertThat(guess(1)).containsExactly((long) 'A');
  }

  @Test
  void theChancesAreThoseOfMethodC() {
    use("ABACABA"); // after A came B, C, B; after BA came C
    List<Prediction> guess = predictor.predict(latest, 2);
    // order 2: C once of 1 + 1; order 1: B 2, C 1 of 3 + 2; of 7 uses 2 were of B, 1 of C
    assertThat(guess.get(0).key()).isEqualTo('C');
    assertThat(guess.get(0).confidence())
        .isCloseTo(1 / 2.0 + 1 / 2.0 * (1 / 5.0 + 2 / 5.0 * 1 / 7), within(1e-9));
    assertThat(guess.get(1).key()).isEqualTo('B');
    assertThat(guess.get(1).confidence())
        .isCloseTo(1 / 2.0 * (2 / 5.0 + 2 / 5.0 * 2 / 7), within(1e-9));
  }

  @Test
  void theTwoBeforeTellMoreThanTheOne() {
    use("AXBCXDAXBCXDAXBCXDAX");
    assertThat(guess(1)).containsExactly((long) 'B');
    use("BCX");
    assertThat(guess(1)).containsExactly((long) 'D');
  }

  @Test
  void repeatsTellNothing() {
    use("ABBBBCABBCAB");
    assertThat(guess(1)).containsExactly((long) 'C');
    assertThat(guess(3)).doesNotContain((long) 'B');
  }

  @Test
  void whereNothingIsKnownThePopularComeFirst() {
    use("ABABACABAZ");
    assertThat(guess(2)).containsExactly((long) 'A', (long) 'B');
  }

  @Test
  void streamsHaveTheirOwnOrder() {
    Random random = new Random(5);
    int[] at = new int[2];
    String[] pipelines = {"ABC", "XYZ"};
    for (int i = 0; i < 200; i++) {
      int stream = random.nextInt(2);
      use(pipelines[stream].charAt(at[stream]++ % 3), stream + 1, OptionalInt.empty());
    }
    for (int stream = 0; stream < 2; stream++) {
      use(pipelines[stream].charAt(at[stream]++ % 3), stream + 1, OptionalInt.empty());
      long next = pipelines[stream].charAt(at[stream] % 3);
      assertThat(guess(1)).containsExactly(next);
    }
  }

  @Test
  void aProcessForEachModelIsAnOrderOfProcesses() {
    for (int i = 0; i < 30; i++) {
      use("ABC".charAt(i % 3), 1000 + i, OptionalInt.empty());
    }
    use('A', 2000, OptionalInt.empty());
    assertThat(guess(1)).containsExactly((long) 'B');
  }

  @Test
  void theHourDecidesBetweenEquals() {
    OptionalInt morning = OptionalInt.of(8 * 2);
    OptionalInt evening = OptionalInt.of(20 * 2 + 1);
    Random random = new Random(4);
    for (int i = 0; i < 80; i++) {
      boolean early = random.nextBoolean();
      use('A', 0, early ? morning : evening);
      use(early ? 'M' : 'E', 0, early ? morning : evening);
    }
    latest = new UsageEvent('A', 7, tick, nanos, morning);
    predictor.observe(latest);
    assertThat(guess(1)).containsExactly((long) 'M');
    latest = new UsageEvent('A', 7, tick, nanos, evening);
    assertThat(guess(1)).containsExactly((long) 'E');
  }

  @Test
  void weekdaysAndWeekendsAreApart() {
    assertThat(Models.hour(0)).isZero();
    assertThat(Models.hour(47)).isEqualTo(23);
    assertThat(Models.hour(4 * 48 + 17)).isEqualTo(8);
    assertThat(Models.hour(5 * 48)).isEqualTo(24);
    assertThat(Models.hour(335)).isEqualTo(47);
  }

  @Test
  void theLeadIsTheUsualTimeUntilThen() {
    for (int i = 0; i < 60; i++) {
      use('A');
      nanos += Duration.ofSeconds(i % 10 == 0 ? 600 : 4).toNanos(); // now and then it takes long
      use('B');
      nanos += Duration.ofMinutes(5).toNanos();
    }
    use('A');
    assertThat(predictor.predict(latest, 1).get(0).leadNanos())
        .isCloseTo(Duration.ofSeconds(4).toNanos(), within(Duration.ofSeconds(1).toNanos()));
  }

  @Test
  void whatWasUsualOnceIsForgotten() {
    use("AB".repeat(500));
    use("AC".repeat(80));
    use('A');
    assertThat(guess(1)).containsExactly((long) 'C');
  }

  @Test
  void aMillionRandomEventsTakeNoMoreMemory() {
    Random random = new Random(1);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 100_000; i++) {
      predictor.observe(event(random, i));
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000_000; i++) {
      predictor.observe(event(random, i));
    }
    long perEvent = (threads.getCurrentThreadAllocatedBytes() - before) / 1_000_000;
    assertThat(perEvent).as("bytes for an event, of which the event has 56").isLessThan(128);
    assertThat(predictor.snapshot().orElseThrow()).hasSizeLessThan(256 << 10);
    assertThat(predictor.predict(event(random, 0), 3)).hasSizeLessThanOrEqualTo(3);
  }

  private static UsageEvent event(Random random, int i) {
    return new UsageEvent(
        random.nextLong(), random.nextInt(1000), i, i * 1_000_000L, OptionalInt.empty());
  }

  @Test
  void aSnapshotHasAllThatWasLearnt() {
    use("AXBCXDAXBCXDAXBCXDAX");
    List<Prediction> before = predictor.predict(latest, 3);
    PpmPredictor other = new PpmPredictor();
    other.restore(predictor.snapshot().orElseThrow());
    assertThat(other.snapshot()).hasValueSatisfying(s -> assertThat(s).isNotEmpty());
    other.observe(new UsageEvent('A', 0, 1, 1, OptionalInt.empty()));
    other.observe(new UsageEvent('X', 0, 2, 2, OptionalInt.empty()));
    assertThat(other.predict(new UsageEvent('X', 0, 2, 2, OptionalInt.empty()), 3))
        .extracting(Prediction::key)
        .startsWith(before.get(0).key());
  }

  @Test
  void aDamagedSnapshotChangesNothing() {
    use("AXBCXDAXBCXDAXBCXDAX");
    byte[] good = predictor.snapshot().orElseThrow();
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
      for (int flips = 0; flips <= random.nextInt(4) && bad.length > 0; flips++) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      if (!Arrays.equals(bad, good)) {
        PpmPredictor other = new PpmPredictor();
        other.restore(bad);
        assertThat(other.snapshot()).isEmpty();
      }
    }
  }

  @Test
  void aForgedSnapshotDoesNoHarm() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      PpmPredictor other = new PpmPredictor();
      other.restore(Forged.snapshot(random));
      for (int n = 0; n < 50; n++) {
        UsageEvent event = event(random, n);
        other.observe(event);
        assertThat(other.predict(event, 3))
            .allSatisfy(one -> assertThat(one.confidence()).isBetween(0.0, 1.0))
            .allSatisfy(one -> assertThat(one.leadNanos()).isNotNegative());
      }
    }
  }
}
