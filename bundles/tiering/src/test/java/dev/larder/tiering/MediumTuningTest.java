package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierFigures;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A medium is measured once, and what was found stays with its volume. */
final class MediumTuningTest {

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig =
        new Rig(
            folder,
            LarderSettings.of(folder.resolve("home"))
                .withRoot(folder.resolve("root"))
                .withRamFolder(folder.resolve("ram"))
                .withRamLimit(64 << 20)
                .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2)));
  }

  @AfterEach
  void end() {
    rig.core.close();
  }

  private TierInfo add(String name, Optional<String> driver, Map<String, String> options)
      throws IOException {
    Path place = folder.resolve("media").resolve(name);
    Files.createDirectories(place);
    return rig.core
        .tiers()
        .add(
            new TierSpec(
                name, place.toString(), driver, TierRole.STORAGE, OptionalLong.empty(), options));
  }

  @Test
  void itIsMeasuredAtTheFirstOpeningOnly() throws IOException {
    TierInfo first = rig.info("local");
    assertThat(first.figures().measured()).isTrue();
    assertThat(first.figures().forceMicros()).isPositive();
    assertThat(first.figures().queueDepth()).isBetween(2, 4);
    assertThat(first.figures().extentBytes()).isBetween(256 << 10, 1 << 20);
    rig.restart();
    TierInfo second = rig.info("local");
    // Figures to the nanosecond that were measured anew would differ.
    assertThat(second.figures()).isEqualTo(first.figures());
    assertThat(second.readLatencyMicros()).isEqualTo(first.readLatencyMicros());
  }

  @Test
  void aDriverChosenByHandStaysAtItsNamedProfile() throws IOException {
    TierInfo card = add("card", Optional.of("sd"), Map.of());
    assertThat(card.bandwidthMBps()).isEqualTo(104);
    assertThat(card.figures()).isEqualTo(new TierFigures(false, 40, 2000, 0, 2, 1 << 20));
  }

  @Test
  void theOptionAsksForAMeasurementOrForbidsIt() throws IOException {
    assertThat(add("asked", Optional.of("sd"), Map.of("probe", "true")).figures().measured())
        .isTrue();
    TierInfo not = add("not", Optional.empty(), Map.of("probe", "false"));
    assertThat(not.figures().measured()).isFalse();
    assertThat(not.bandwidthMBps()).isEqualTo(150);
    assertThatThrownBy(() -> add("wrong", Optional.empty(), Map.of("probe", "perhaps")))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("perhaps");
  }
}
