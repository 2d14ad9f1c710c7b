package dev.larder.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "1k, 1024",
    "512m, 536870912",
    "6g, 6442450944",
    "6G, 6442450944",
    "512MiB, 536870912",
    "2kb, 2048",
    "7e, 8070450532247928832",
    "100B, 100"
  })
  void readsSizes(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "-1", "+1", "1.5g", "8e", "9999999999999999999", "1 g", "12x"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> Sizes.parse(text)).hasMessageContaining("is no size");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "536870912, 512.0 MiB",
    "1048575, 1.0 MiB",
    "9223372036854775807, 8.0 EiB",
    "-2048, -2.0 KiB"
  })
  void writesSizes(long bytes, String text) {
    assertThat(Sizes.format(bytes)).isEqualTo(text);
  }

  @Test
  void readsDurations() {
    assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Durations.parse("60s")).isEqualTo(Duration.ofSeconds(60));
    assertThat(Durations.parse("10M")).isEqualTo(Duration.ofMinutes(10));
    assertThat(Durations.parse("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Durations.parse("1d")).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "1.5s", "1 s", "1w", "999999999999999d", "400d"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.4123, 0.412 ms",
    "12.5, 12.500 ms",
    "1234, 1.23 s",
    "250000, 4 min 10 s",
    "7320000, 2 h 2 min",
    "180000000, 2 d 2 h"
  })
  void writesDurations(double millis, String text) {
    assertThat(Durations.format(millis)).isEqualTo(text);
  }

  @Test
  void writesMillisToTheMicrosecond() {
    assertThat(Durations.millisOf(1_234_567)).hasToString("1.234");
    assertThat(Durations.millisOf(999)).hasToString("0.000");
  }

  @ParameterizedTest
  @CsvSource({"a, a:latest", "a/b.c_d-e:v1, a/b.c_d-e:v1", "9:_x, 9:_x"})
  void readsReferences(String text, String reference) {
    assertThat(Names.reference(text)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "a:", ":t", "/a", "a/", "a//b", "..", "a/..", "-a", "ä", "a b", "a:b:c", "a:-x"
      })
  void refusesWhatIsNoReference(String text) {
    assertThatThrownBy(() -> Names.reference(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNamesThatAreTooLong() {
    assertThat(Names.reference("x".repeat(255))).hasSize(262);
    assertThatThrownBy(() -> Names.reference("x".repeat(256)))
        .hasMessageContaining("invalid name")
        .hasMessageContaining("…");
    assertThatThrownBy(() -> Names.reference("x:" + "t".repeat(129)))
        .hasMessageContaining("invalid tag");
  }

  @ParameterizedTest
  @CsvSource({
    "model.onnx, model.onnx",
    ".hidden, x.hidden",
    "a b(1), a-b-1-",
    "ünder, x-nder",
    "'', x"
  })
  void makesComponentsOfFileNames(String file, String component) {
    assertThat(Names.componentOf(file)).isEqualTo(component);
  }
}
