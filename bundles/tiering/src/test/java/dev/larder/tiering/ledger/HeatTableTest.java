package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.tiering.ledger.HeatTable.Heat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeatTableTest {

  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final HeatTable table = new HeatTable(new Random(1));

  private Heat heat(long key, long now) {
    return Objects.requireNonNull(table.heat(key, now));
  }

  private void load(long key, long now) {
    table.load(key, now);
    table.use(key, now);
  }

  @Test
  void expectedLoadsAreThoseOfTheLastDays() {
    // Ten days, a hundred uses an hour: every tenth is a load of one artifact.
    long now = 0;
    for (int i = 0; i < 24_000; i++) {
      now += HOUR / 100;
      if (i % 10 == 0) {
        load(1, now);
      } else {
        table.use(2 + i % 50, now);
      }
    }
    assertThat(heat(1, now).loadsPerSecond()).isCloseTo(10.0 / 3600, within(1.5 / 3600));
    assertThat(heat(3, now).loadsPerSecond()).isZero();
    assertThat(heat(3, now).uses()).isGreaterThan(10);
  }

  @Test
  void nothingCoolsDownWhileThereIsNothingToDoButLessIsExpected() {
    load(1, HOUR);
    load(1, 2 * HOUR);
    double soon = heat(1, 2 * HOUR).loadsPerSecond();
    assertThat(heat(1, 1000 * HOUR).loads()).isEqualTo(heat(1, 2 * HOUR).loads());
    assertThat(heat(1, 1000 * HOUR).loadsPerSecond()).isLessThan(soon / 100);
  }

  @Test
  void whatIsNotWantedAnyMoreIsLeftBehindByWhatIs() {
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      load(1, now += HOUR / 100);
    }
    for (int i = 0; i < 5000; i++) {
      load(2, now += HOUR / 100);
    }
    assertThat(heat(2, now).loadsPerSecond()).isGreaterThan(heat(1, now).loadsPerSecond());
  }

  @Test
  void whatIsSavedComesBack() {
    load(1, HOUR);
    table.use(2, 2 * HOUR);
    table.placed(2, false, 2 * HOUR);
    table.moved(1, 3 * HOUR);
    ByteBuffer saved = table.write(4 * HOUR);
    assertThat(saved.remaining()).isEqualTo(table.savedBytes());

    HeatTable other = new HeatTable(new Random(2));
    assertThat(other.read(saved)).isEqualTo(4 * HOUR);
    assertThat(other.heat(1, 5 * HOUR)).isEqualTo(heat(1, 5 * HOUR));
    assertThat(other.heat(2, 5 * HOUR)).isEqualTo(heat(2, 5 * HOUR));
    assertThat(heat(1, 5 * HOUR).lastMove()).contains(3 * HOUR);
    assertThat(heat(2, 5 * HOUR).byRule()).contains(false);
    assertThat(other.heat(3, 5 * HOUR)).isNull();
  }

  @Test
  void anyDamageIsFoundAndChangesNothing() {
    load(1, HOUR);
    byte[] saved = table.write(HOUR).array();
    load(7, HOUR);
    for (int i = 0; i < saved.length; i++) {
      byte[] damaged = saved.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> table.read(ByteBuffer.wrap(damaged)))
          .as("byte %s", i)
          .isInstanceOf(IllegalArgumentException.class);
      ByteBuffer torn = ByteBuffer.wrap(saved, 0, i);
      assertThatThrownBy(() -> table.read(torn)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(table.heat(7, HOUR)).isNotNull();
  }

  @Test
  void whoHasPlacedItIsKeptWhateverIsTheFirstThatIsKnown() {
    for (long key = 0; key < 1000; key++) {
      table.placed(key, key % 2 == 0, HOUR);
      table.moved(-key - 1, 2 * HOUR);
    }
    for (long key = 0; key < 1000; key++) {
      assertThat(heat(key, HOUR).byRule()).contains(key % 2 == 0);
      assertThat(heat(-key - 1, HOUR).lastMove()).contains(2 * HOUR);
    }
  }

  @Test
  void itIsBoundedAndKeepsWhatIsUsed() {
    for (long key = 100; key < 100 + 3L * HeatTable.MOST; key++) {
      table.use(key, key);
      if (key % 1000 == 0) {
        table.use(1, key);
      }
    }
    assertThat(table.size()).isEqualTo(HeatTable.MOST);
    assertThat(table.heat(1, Long.MAX_VALUE / 4)).isNotNull();
    assertThat(table.savedBytes()).isLessThan(2 << 20);
  }
}
