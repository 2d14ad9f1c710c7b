package dev.larder.tiering.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentLoadsTest {

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000); // it wraps
  private final RecentLoads loads = new RecentLoads(clock::get);
  private final Random random = new Random(1);

  private Digest digest() {
    return new Digest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @Test
  void theSecondLoadIsToldWhenTheFirstWas() {
    Digest digest = digest();
    long first = clock.get();
    assertThat(loads.loaded(digest)).isEmpty();
    clock.addAndGet(5000);
    assertThat(loads.loaded(digest)).hasValue(first);
    assertThat(loads.loaded(digest())).isEmpty();
    clock.addAndGet(1);
    assertThat(loads.loaded(digest)).hasValue(first + 5000);
  }

  @Test
  void aLoadLongAgoDoesNotCount() {
    Digest digest = digest();
    loads.loaded(digest);
    clock.addAndGet(RecentLoads.WINDOW.toNanos() + 1);
    assertThat(loads.loaded(digest)).isEmpty();
    clock.addAndGet(Duration.ofDays(1).toNanos());
    assertThat(loads.loaded(digest)).isPresent();
  }

  @Test
  void thousandsAreRememberedAndTheOldestAreForgotten() {
    Digest early = digest();
    loads.loaded(early);
    Digest[] some = new Digest[2000];
    for (int i = 0; i < some.length; i++) {
      clock.incrementAndGet();
      some[i] = digest();
      loads.loaded(some[i]);
    }
    int known = 0;
    for (Digest digest : some) {
      known += loads.loaded(digest).isPresent() ? 1 : 0;
    }
    assertThat(known).isGreaterThan(1900);
    for (int i = 0; i < 100_000; i++) {
      clock.incrementAndGet();
      loads.loaded(digest());
    }
    assertThat(loads.loaded(early)).isEmpty();
  }
}
