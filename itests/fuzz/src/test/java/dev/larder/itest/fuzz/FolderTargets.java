package dev.larder.itest.fuzz;

import dev.larder.api.LarderException;
import dev.larder.launcher.LauncherDoor;
import dev.larder.tiering.tier.DefinitionsDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files that are read from a folder; it is made once and goes with the process. */
final class FolderTargets {

  private static final Path FOLDER = folder();

  private FolderTargets() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("larder-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void bundleList(byte[] input) throws IOException {
    LauncherDoor.bundleList(FOLDER.resolve("distribution"), input);
  }

  /** A file that cannot be read costs its own tier only; one that can is kept as it is. */
  static void tierDefinition(byte[] input) throws IOException {
    Path folder = Files.createDirectories(FOLDER.resolve("tiers"));
    Files.writeString(folder.resolve("sound.tier"), "location=/mnt/sound\n");
    Files.write(folder.resolve("fuzzed.tier"), input);
    try {
      if (!DefinitionsDoor.loadTwice(folder).contains("sound")) {
        throw new AssertionError("one damaged file cost another tier, too");
      }
    } catch (LarderException e) {
      throw new AssertionError("one damaged file costs all tiers: " + e.describe(), e);
    }
  }
}
