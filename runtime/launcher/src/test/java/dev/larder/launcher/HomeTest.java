package dev.larder.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path folder;

  @Test
  void aSecondGatewayOnTheSameHomeIsRefusedAndTouchesNothing() throws Exception {
    try (Home first = Home.open(folder)) {
      first.wipe();
      Files.createDirectories(first.cache().resolve("bundle1"));

      assertThatThrownBy(() -> Home.open(folder))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll(
              "another gateway (pid " + ProcessHandle.current().pid() + ")", folder.toString());
      assertThat(first.cache().resolve("bundle1")).exists();
    }
    Home.open(folder).close();
  }

  @Test
  void wipesWhatMustNotOutliveAProcess() throws Exception {
    try (Home home = Home.open(folder)) {
      Files.createDirectories(home.cache().resolve("bundle1/data"));
      Files.writeString(home.cache().resolve("bundle1/data/x"), "x");
      Files.createDirectories(home.temporary());
      Files.writeString(home.temporary().resolve("liblz4.so"), "x");
      Files.writeString(home.runFile(), "{}");
      home.wipe();

      assertThat(home.cache()).doesNotExist();
      assertThat(home.temporary()).isEmptyDirectory();
      assertThat(home.runFile()).doesNotExist();
    }
  }

  @Test
  void aHomeThatIsAFileIsToldInOneLine() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> Home.open(file))
        .isInstanceOf(LaunchException.class)
        .hasMessageContainingAll("cannot use home " + file, "--home")
        .message()
        .doesNotContain("\n");
  }
}
