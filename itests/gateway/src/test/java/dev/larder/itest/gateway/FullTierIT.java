package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tiers on file systems that are full or refuse writes. */
class FullTierIT {
  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway = new Gateway().start();
    Content.randomFile(gateway.folder.resolve("kept"), 1, 100_000);
    gateway.cli("put", "kept").ok();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aTierOnAReadOnlyFileSystemIsRefused() throws IOException {
    try (LoopDisk disk = LoopDisk.of(gateway.folder, 64)) {
      disk.makeReadOnly();
      gateway
          .json("tier", "add", "card", "--path", disk.folder.toString())
          .failed(1, disk.folder.toString());
      theRestWorks();
    }
  }

  @Test
  void aTierOnAFullFileSystemIsRefused() throws IOException {
    try (LoopDisk disk = LoopDisk.of(gateway.folder, 64)) {
      disk.fill();
      gateway.json("tier", "add", "card", "--path", disk.folder.toString()).failed(1);
      theRestWorks();
    }
  }

  @Test
  void aTierThatGetsFullRefusesAndStaysUsable() throws IOException {
    try (LoopDisk disk = LoopDisk.of(gateway.folder, 64)) {
      String path = disk.folder.toString();
      gateway.cli("tier", "add", "card", "--path", path).ok();
      Path large = Content.randomFile(gateway.folder.resolve("large"), 2, 80 << 20);

      // With a declared length it is refused before it starts, as a stream when the room ends.
      gateway.json("put", "large", "--tier", "card").failedWith("TIER_FULL", "card");
      gateway
          .cliWithInput(large, "put", "-", "--name", "large", "--tier", "card", "--json")
          .failedWith("TIER_FULL", "card");
      gateway.cli("show", "large").failed(1);

      Path small = Content.randomFile(gateway.folder.resolve("small"), 3, 20 << 20);
      gateway.cli("put", "small", "--tier", "card").ok();
      assertThat(gateway.api().digestOfContent("small")).isEqualTo(Content.sha256(small));
      gateway.cli("rm", "small").ok();
      gateway.cli("gc").ok();
      gateway.cli("put", "small", "--tier", "card", "--name", "again").ok();
      theRestWorks();
      gateway.stop();
    }
  }

  @Test
  void anUnknownTierOrDriverIsRefused() throws IOException {
    String folder = Files.createDirectory(gateway.folder.resolve("medium")).toString();
    gateway.json("put", "kept", "--tier", "nowhere").failedWith("NOT_FOUND", "nowhere");
    gateway.json("tier", "rm", "nowhere").failedWith("NOT_FOUND", "nowhere");
    gateway
        .json("tier", "add", "x", "--path", folder, "--driver", "punchcards")
        .failed(1, "punchcards");
    gateway.json("tier", "add", "x", "--path", "/proc/version/x").failed(1, "/proc/version/x");
    gateway.json("tier", "add", "..", "--path", folder).failed(1);
    theRestWorks();
  }

  private void theRestWorks() {
    assertThat(gateway.api().digestOfContent("kept"))
        .isEqualTo(Content.sha256(gateway.folder.resolve("kept")));
    gateway.cli("put", "kept", "--name", "kept:copy").ok();
  }
}
