package dev.larder.tiering.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

  @TempDir Path folder;

  @Test
  void theGatewayKeepsItsIdentity() throws LarderException {
    UUID first;
    try (Home home = Home.open(folder.resolve("home"))) {
      first = home.gateway();
    }
    try (Home home = Home.open(folder.resolve("home"))) {
      assertThat(home.gateway()).isEqualTo(first);
    }
  }

  @Test
  void aSecondGatewayIsRefusedAndTheFirstStaysLocked() throws LarderException {
    try (Home home = Home.open(folder)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> Home.open(folder))
            .isInstanceOfSatisfying(
                LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED))
            .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
      }
      assertThat(home.folder()).exists();
    }
    Home.open(folder).close();
  }

  @Test
  void aHomeThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Home.open(file))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
        .hasMessageContaining("not a folder");
  }

  @Test
  void aGarbledIdentityIsReportedAndTheHomeIsFreeAgain() throws IOException {
    Home.open(folder).close();
    Files.writeString(folder.resolve("conf/gateway"), "garbage");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Home.open(folder))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
  }
}
