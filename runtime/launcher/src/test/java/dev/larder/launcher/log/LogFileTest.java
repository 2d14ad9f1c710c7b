package dev.larder.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path folder;

  @Test
  void staysWithinItsSizeAndKeepsTheNewest() throws Exception {
    Path path = folder.resolve("gateway.log");
    try (LogFile log = new LogFile(path, 100, 2)) {
      for (int i = 0; i < 100; i++) {
        log.write(String.format("line %03d\n", i));
      }
    }
    assertThat(Files.readString(path)).endsWith("line 099\n");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("gateway.log", "gateway.log.1", "gateway.log.2");
    }
    assertThat(Files.size(folder.resolve("gateway.log.1"))).isBetween(100L, 110L);
  }

  @Test
  void goesOnWithTheFileOfTheRunBefore() throws Exception {
    Path path = folder.resolve("gateway.log");
    for (String line : new String[] {"a\n", "b\n"}) {
      try (LogFile log = new LogFile(path, 100, 2)) {
        log.write(line);
      }
    }
    assertThat(Files.readString(path)).isEqualTo("a\nb\n");
  }

  @Test
  void anInterruptedThreadGoesOnLogging() throws Exception {
    Path path = folder.resolve("gateway.log");
    try (LogFile log = new LogFile(path, 1000, 1)) {
      Thread.currentThread().interrupt();
      log.write("a\n");
      assertThat(Thread.interrupted()).isTrue();
      log.write("b\n");
    }
    assertThat(Files.readString(path)).isEqualTo("a\nb\n");
  }

  @Test
  void whatIsWrittenAfterTheEndIsLostQuietly() throws Exception {
    LogFile log = new LogFile(folder.resolve("gateway.log"), 100, 1);
    log.close();
    log.write("late\n");
    assertThat(folder.resolve("gateway.log")).isEmptyFile();
  }
}
