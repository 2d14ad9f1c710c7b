package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogKillTest {

  @TempDir Path folder;

  /** What is killed: puts without end, telling how many it has seen applied. */
  public static final class Victim {
    public static void main(String[] args) throws Exception {
      FakeVolume volume = new FakeVolume(1, "local");
      Catalog catalog = Catalog.open(Path.of(args[0]), FakeVolume.source(volume));
      catalog.synchronise(volume.snapshot());
      for (int i = 0; ; i++) {
        volume.put("m" + i, i, i).applyTo(catalog);
        if (i % 100 == 99) {
          catalog.awaitApplied(Duration.ofSeconds(10));
          System.out.println(i + 1);
        }
      }
    }
  }

  @Test
  void whatAKillLeavesIsPutRightFromTheVolume() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); !"3000".equals(line); line = output.readLine()) {
        assertThat(line).isNotNull();
      }
    } finally {
      victim.destroyForcibly().waitFor();
    }
    FakeVolume volume = new FakeVolume(1, "local");
    for (int i = 0; i < 5_000; i++) {
      volume.put("m" + i, i, i);
    }
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(volume))) {
      catalog.synchronise(volume.snapshot());
      assertThat(catalog.awaitApplied(Duration.ofSeconds(20))).isTrue();
      assertThat(catalog.list()).hasSize(5_000);
    }
  }
}
