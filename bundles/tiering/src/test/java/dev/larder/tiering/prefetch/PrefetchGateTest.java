package dev.larder.tiering.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.prediction.Prediction;
import dev.larder.tiering.prefetch.PrefetchGate.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefetchGateTest {

  private static final long MIB = 1 << 20;

  private final PrefetchGate gate = new PrefetchGate();
  private final FakeCache cache = new FakeCache();
  private final List<Long> noMore = new ArrayList<>();
  private long others = 1_000_000;

  /** Everything has 1 MiB and takes a second, nothing is resident. */
  private static final class FakeCache implements PrefetchGate.Cache {
    final Set<Long> resident = new HashSet<>();
    final Map<Long, Long> sizes = new HashMap<>();
    double loss;

    @Override
    public long capacityBytes() {
      return 100 * MIB;
    }

    @Override
    public boolean has(long key) {
      return resident.contains(key);
    }

    @Override
    public long sizeOf(long key) {
      return sizes.getOrDefault(key, MIB);
    }

    @Override
    public double loadMicros(long key, long size) {
      return size;
    }

    @Override
    public double lossMicros(long bytes) {
      return loss * bytes;
    }
  }

  private List<Wish> event(long key, Prediction... predictions) {
    gate.asked(key, noMore::add);
    return gate.choose(List.of(predictions), cache);
  }

  private static Prediction of(long key, double confidence) {
    return new Prediction(key, confidence, 0);
  }

  private void quiet(int events) {
    for (int i = 0; i < events; i++) {
      event(others++);
    }
  }

  /** Predictions of a confidence of which every so manieth comes true at the next event. */
  private void learn(int count, double confidence, int every) {
    for (int i = 0; i < count; i++) {
      long key = others++;
      event(others++, of(key, confidence));
      event(i % every == 0 ? key : others++);
    }
    quiet(2 * PrefetchGate.HORIZON);
  }

  @Test
  void nothingIsLoadedBeforeItIsKnownToPay() {
    assertThat(event(1, of(2, 1.0))).isEmpty();
    assertThat(event(3, of(4, 1.0))).isEmpty();
  }

  @Test
  void whatComesTrueIsLoaded() {
    learn(20, 0.85, 1);
    assertThat(event(1, of(2, 0.85))).extracting(Wish::key).containsExactly(2L);
    assertThat(event(1, of(3, 0.45))).as("another confidence").isEmpty();
  }

  @Test
  void onceInThreeTimesIsEnoughOnceInTenIsNot() {
    learn(90, 0.35, 3);
    learn(90, 0.95, 10);
    assertThat(event(1, of(2, 0.35), of(3, 0.95))).extracting(Wish::key).containsExactly(2L);
  }

  @Test
  void trustIsLostAgain() {
    learn(100, 0.85, 1);
    learn(300, 0.85, 20);
    assertThat(event(1, of(2, 0.85))).isEmpty();
  }

  @Test
  void whatIsUsedAllTheTimeIsNoMerit() {
    Random random = new Random(1);
    int chosen = 0;
    for (int i = 0; i < 2000; i++) { // each of eight comes soon after anything, by no order
      List<Wish> wishes = event(random.nextInt(8), of(random.nextInt(8), 0.55));
      chosen += i < 100 ? 0 : wishes.size();
    }
    assertThat(chosen).isLessThan(20);
  }

  @Test
  void shortRoundsAreForeseen() {
    for (int models = PrefetchGate.HORIZON + 1; models <= 12; models++) {
      int chosen = 0;
      for (int i = 0; i < 200; i++) {
        chosen += event(i % models, of((i + 1) % models, 0.95)).size();
      }
      assertThat(chosen).as(models + " in a round").isGreaterThan(150);
    }
  }

  @Test
  void whatIsResidentIsNeitherScoredNorLoaded() {
    cache.resident.add(2L);
    for (int i = 0; i < 50; i++) {
      event(1, of(2, 0.85));
      event(2);
    }
    cache.resident.clear();
    assertThat(event(1, of(2, 0.85))).isEmpty();
  }

  @Test
  void whatIsUnknownOrTooLargeIsLeftOut() {
    learn(20, 0.85, 1);
    cache.sizes.put(2L, 0L);
    cache.sizes.put(3L, 101 * MIB);
    assertThat(event(1, of(2, 0.85), of(3, 0.85))).isEmpty();
  }

  @Test
  void whatWouldGoCounts() {
    learn(50, 0.55, 2);
    assertThat(event(1, of(2, 0.55))).hasSize(1);
    cache.loss = 2;
    assertThat(event(1, of(3, 0.55))).isEmpty();
    cache.loss = Double.POSITIVE_INFINITY;
    assertThat(event(1, of(4, 0.55))).isEmpty();
  }

  @Test
  void theBytesAtRiskAreLimited() {
    learn(200, 0.55, 2); // half of it is in vain
    int chosen = 0;
    for (int i = 0; i < PrefetchGate.HORIZON; i++) {
      for (long n = 0; n < PrefetchGate.PREDICTIONS; n++) {
        cache.sizes.put(100 * i + n, 8 * MIB);
      }
      List<Wish> wishes =
          event(others++, of(100 * i, 0.55), of(100 * i + 1, 0.55), of(100 * i + 2, 0.55));
      wishes.forEach(gate::started);
      chosen += wishes.size();
    }
    assertThat(chosen).as("of 8 MiB each, with 15 MiB to risk").isEqualTo(3);
  }

  @Test
  void whatIsNotUsedInTimeIsNotExpectedAnyLonger() {
    learn(20, 0.85, 1);
    event(1, of(2, 0.85)).forEach(gate::started);
    quiet(PrefetchGate.HORIZON - 1);
    assertThat(gate.isExpected(2)).isTrue();
    assertThat(noMore).isEmpty();
    quiet(1);
    assertThat(gate.isExpected(2)).isFalse();
    assertThat(noMore).containsExactly(2L);
  }

  @Test
  void whatIsUsedOrGivenUpIsNotExpectedEither() {
    learn(20, 0.85, 1);
    event(1, of(2, 0.85)).forEach(gate::started);
    event(2, of(3, 0.85))
        .forEach(
            wish -> {
              gate.started(wish);
              gate.dropped(wish);
            });
    assertThat(gate.isExpected(2)).isFalse();
    assertThat(gate.isExpected(3)).isFalse();
    quiet(2 * PrefetchGate.HORIZON);
    assertThat(noMore).isEmpty();
  }

  @Test
  void whoComesTooSoonSavesLittle() {
    for (int i = 0; i < 60; i++) {
      long key = others++;
      event(others++, new Prediction(key, 0.85, 10_000_000)); // 10 ms, and it takes a second
      event(i % 2 == 0 ? key : others++);
    }
    assertThat(event(1, new Prediction(2, 0.85, 10_000_000))).isEmpty();
  }

  @Test
  void nonsenseIsNoHarm() {
    for (double confidence : new double[] {Double.NaN, -1, 7, Double.POSITIVE_INFINITY}) {
      assertThat(event(1, of(2, confidence))).isEmpty();
    }
    assertThat(ConfidenceBins.of(1)).isEqualTo(9);
    assertThat(ConfidenceBins.of(0)).isZero();
  }
}
