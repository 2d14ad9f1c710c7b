package dev.larder.itest.pax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process holds: its threads by name, with numbers left out, and its open files by path.
 *
 * @param threads how many of each name
 * @param files how often each path is open
 */
record Footprint(Map<String, Integer> threads, Map<String, Integer> files) {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /**
   * A volume may keep a pack open for writing, forcing, and reading through and past the page
   * cache.
   */
  private static final int HANDLES_PER_PACK = 4;

  /**
   * Looks.
   *
   * @param growing a folder of which every file counts for itself; of others, such as the
   *     framework's store of bundles, numbers in names are left out
   */
  static Footprint now(Path growing) throws IOException {
    Map<String, Integer> threads = new TreeMap<>();
    Thread.getAllStackTraces()
        .keySet()
        .forEach(t -> threads.merge(t.getName().replaceAll("[0-9]+", "#"), 1, Integer::sum));
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> handles = Files.list(OPEN_FILES)) {
      for (Path handle : handles.toList()) {
        count(handle, growing, files);
      }
    }
    return new Footprint(threads, files);
  }

  private static void count(Path handle, Path growing, Map<String, Integer> files)
      throws IOException {
    try {
      Path target = Files.readSymbolicLink(handle);
      boolean byItself = target.startsWith(growing);
      files.merge(byItself ? target.toString() : withoutNumbers(target), 1, Integer::sum);
    } catch (NoSuchFileException e) {
      // closed meanwhile, as the one that lists the folder is
    }
  }

  private static String withoutNumbers(Path target) {
    return target.toString().replaceAll("[0-9]+", "#");
  }

  /**
   * What is more here than in an earlier footprint; empty if nothing is.
   *
   * @param growing a folder of which new files may be open, though none too often
   */
  String beyond(Footprint earlier, Path growing) {
    StringBuilder text = new StringBuilder();
    threads.forEach(
        (name, count) -> {
          int before = earlier.threads.getOrDefault(name, 0);
          if (count > before) {
            text.append("threads ").append(name).append(": ").append(before);
            text.append(" -> ").append(count).append('\n');
          }
        });
    files.forEach(
        (path, count) -> {
          int before = earlier.files.getOrDefault(path, 0);
          boolean mayBeNew = path.startsWith(growing.toString()) && !path.endsWith(" (deleted)");
          if (count > Math.max(before, mayBeNew ? HANDLES_PER_PACK : 0)) {
            text.append("file ").append(path).append(": ").append(before);
            text.append(" -> ").append(count).append('\n');
          }
        });
    return text.toString();
  }
}
