package dev.larder.media.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {

  private final SimulatedDriver driver = new SimulatedDriver();

  private Medium open(String address, Map<String, String> options) throws IOException {
    return driver.open(
        new MediumLocation(address, Optional.empty(), OptionalLong.empty(), options));
  }

  @Test
  void rulesAreReadAsTheyAreWritten() throws LarderException {
    assertThat(FaultRule.parse("eio:force:20, lie:force:10%,slow:read:5%:200ms,hang:any:7+:2s,rot"))
        .containsExactly(
            FaultRule.once(FaultKind.EIO, 20, Operation.FORCE),
            FaultRule.share(FaultKind.LIE, 0.1, Operation.FORCE),
            FaultRule.share(FaultKind.SLOW, 0.05, Operation.READ).amount(200_000_000),
            FaultRule.from(FaultKind.HANG, 7).amount(2_000_000_000),
            FaultRule.once(FaultKind.ROT, 1));
    assertThat(FaultRule.parse("")).isEmpty();
    assertThat(FaultRule.once(FaultKind.LIE, 1).operations())
        .isEqualTo(Set.of(Operation.FORCE, Operation.DELETE, Operation.WRITE_SUPERBLOCK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"boom", "eio:sing", "eio:force:x", "eio:force:0", "lie:force:200%", "eio::"})
  void rulesThatMeanNothingAreRefused(String rule) {
    assertThatThrownBy(() -> FaultRule.parse(rule))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void theOptionsMakeTheDisk() throws IOException {
    try (Medium medium = open("sim://a", Map.of("capacity", "2m", "medium", "sd", "seed", "9"))) {
      assertThat(medium.capacity().totalBytes()).isEqualTo(2 << 20);
      assertThat(medium.profile().mediaClass()).isEqualTo(MediaClass.SD);
    }
    assertThat(driver.disk("a").spec().name()).isEqualTo("a");
    assertThatThrownBy(() -> driver.disk("b")).isInstanceOf(LarderException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "capacity,huge",
    "capacity,65g",
    "seed,-1",
    "medium,tape",
    "cut,up",
    "time,lunch",
    "x,1"
  })
  void optionsThatMeanNothingAreRefused(String name, String value) {
    assertThatThrownBy(() -> open("sim://a", Map.of(name, value)))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp/x", "sim://", "sim://a/b", "http://a"})
  void addressesOfOtherDriversAreRefused(String address) {
    assertThatThrownBy(() -> open(address, Map.of())).isInstanceOf(LarderException.class);
  }
}
