package dev.larder.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LevelsTest {
  @Test
  void theLongestPrefixDecides() {
    Levels levels = Levels.parse("warn,dev.larder=info,dev.larder.store=debug,bogus=loud,,=");

    assertThat(levels.of("org.h2")).isEqualTo(Level.WARN);
    assertThat(levels.of("dev.larder.http")).isEqualTo(Level.INFO);
    assertThat(levels.of("dev.larder.store.Pack")).isEqualTo(Level.DEBUG);
  }

  @Test
  void infoByDefault() {
    assertThat(Levels.parse("").of("x")).isEqualTo(Level.INFO);
  }
}
