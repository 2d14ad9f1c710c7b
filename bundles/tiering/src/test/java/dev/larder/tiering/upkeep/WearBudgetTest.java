package dev.larder.tiering.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WearBudgetTest {

  private static final UUID VOLUME = new UUID(1, 2);
  private static final long DAILY = 2400;

  @TempDir Path folder;
  private final AtomicLong clock = new AtomicLong();
  private long written = 10_000;

  private WearBudget open() {
    return new WearBudget(folder.resolve("flash.wear"), clock::get);
  }

  private boolean allows(WearBudget budget, long bytes) {
    return budget.allows(bytes, DAILY, VOLUME, written);
  }

  private void hours(int hours) {
    clock.addAndGet(Duration.ofHours(hours).toNanos());
  }

  @Test
  void aDayMayBeWrittenAndComesBackWithRunningTime() {
    WearBudget budget = open();
    assertThat(allows(budget, 2400)).isTrue();
    written += 2000;
    assertThat(allows(budget, 400)).isTrue();
    assertThat(allows(budget, 401)).isFalse();
    hours(10);
    assertThat(allows(budget, 1400)).isTrue();
    assertThat(allows(budget, 1402)).isFalse();
    hours(1000);
    assertThat(allows(budget, 2400)).isTrue();
    written += 2400;
    assertThat(allows(budget, 1)).isFalse(); // no more than one day is saved up
  }

  @Test
  void whatIsLargerThanADayNeedsAFullBucketAndIsPaidOff() {
    WearBudget budget = open();
    assertThat(allows(budget, 9999)).isTrue();
    written += 4800;
    hours(24);
    assertThat(allows(budget, 1)).isFalse();
    hours(25);
    assertThat(allows(budget, 9999)).isTrue();
  }

  @Test
  void nothingMayBeWrittenWhereNothingIsAllowed() {
    assertThat(open().allows(0, 0, VOLUME, 0)).isFalse();
  }

  @Test
  void anOrderlyStopKeepsItExactly() {
    WearBudget budget = open();
    allows(budget, 1);
    written += 2400;
    hours(1);
    allows(budget, 1);
    budget.note();
    clock.set(77); // another boot, another clock
    budget = open();
    assertThat(allows(budget, 100)).isTrue();
    assertThat(allows(budget, 101)).isFalse();
  }

  @Test
  void afterACrashWhatWasWrittenCountsAllTheSame() {
    WearBudget budget = open();
    assertThat(allows(budget, 2400)).isTrue();
    written += 2300; // and the power goes
    assertThat(allows(open(), 101)).isFalse();
    assertThat(allows(open(), 100)).isTrue();
  }

  @Test
  void anotherVolumeStartsAnewAndSoDoesADamagedNote() throws IOException {
    WearBudget budget = open();
    allows(budget, 1);
    written += 2400;
    assertThat(allows(budget, 1)).isFalse();
    assertThat(budget.allows(2400, DAILY, new UUID(3, 4), 5)).isTrue();
    Files.writeString(folder.resolve("flash.wear"), "x y");
    assertThat(allows(open(), 2400)).isTrue();
  }

  @Test
  void aNoteIsWrittenSeldom() throws IOException {
    WearBudget budget = open();
    allows(budget, 1);
    String first = Files.readString(folder.resolve("flash.wear"));
    written += 149;
    allows(budget, 1);
    assertThat(folder.resolve("flash.wear")).hasContent(first);
    written += 1;
    allows(budget, 1);
    assertThat(Files.readString(folder.resolve("flash.wear"))).isNotEqualTo(first);
  }
}
