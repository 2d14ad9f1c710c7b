package dev.larder.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @Test
  void readsAll() throws Exception {
    Options options =
        Options.parse(
            List.of("--home", "/h/./x", "--distribution", "/d", "--port", "0", "--dev", "--shell"));

    assertThat(options)
        .isEqualTo(new Options(Path.of("/d"), Path.of("/h/x"), 0, true, true, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port -1", "--port 65536", "--port x", "--port", "--bogus", ""})
  void wrongUsageIsToldInOneLine(String text) {
    List<String> arguments = text.isEmpty() ? List.of() : List.of(text.split(" "));

    assertThatThrownBy(() -> Options.parse(arguments))
        .isInstanceOf(LaunchException.class)
        .message()
        .doesNotContain("\n");
  }
}
