package dev.larder.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets the launcher's files in from outside of the package. */
public final class LauncherDoor {

  private LauncherDoor() {}

  /** Reads {@code etc/bundles.list} of a distribution. */
  public static void bundleList(Path distribution, byte[] list) throws IOException {
    Path file = distribution.resolve("etc").resolve("bundles.list");
    Files.createDirectories(file.getParent());
    Files.write(file, list);
    for (boolean dev : new boolean[] {false, true}) {
      try {
        BundleList read = BundleList.read(distribution, dev);
        for (BundleList.Entry entry : read.entries()) {
          if (entry.startLevel() < 1 || entry.startLevel() > read.highestStartLevel()) {
            throw new AssertionError(entry + " of " + read.highestStartLevel());
          }
        }
      } catch (LaunchException e) {
        continue; // says what is wrong with it
      }
    }
  }
}
