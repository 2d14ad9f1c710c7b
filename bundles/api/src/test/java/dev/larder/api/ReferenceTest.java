package dev.larder.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

  @Test
  void aNameWithoutTagMeansLatest() {
    assertThat(Reference.parse("vision/yolo-v8.onnx"))
        .isEqualTo(new Reference("vision/yolo-v8.onnx", "latest"));
  }

  @Test
  void theTagStandsBehindTheLastColon() {
    assertThat(Reference.parse("a/b:1.0")).isEqualTo(new Reference("a/b", "1.0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "a:", ":v1", "../etc", "a/../b", "a//b", "/a", "a/", ".hidden", "-a", "a b",
        "a\nb", "ä", "a:b:c", "a:-x", "a:.x", "a\u0000"
      })
  void refusesWhatIsNotOfTheForm(String text) {
    assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsAreBounded() {
    assertThat(new Reference("n".repeat(255), "t".repeat(128))).isNotNull();
    assertThatThrownBy(() -> new Reference("n".repeat(256), "t"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Reference("n", "t".repeat(129)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHostileNameIsRefusedAtOnce() {
    assertThatThrownBy(() -> Reference.parse("a/".repeat(1_000_000) + "!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).{0,400}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model (1).onnx", "ümlaut", ".hidden", "_x", "", "-", "a:b"})
  void everyFileNameBecomesAComponent(String fileName) {
    assertThat(new Reference(Reference.componentOf(fileName), "latest")).isNotNull();
  }
}
