package dev.larder.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The bundles of a distribution: {@code etc/bundles.list}, one {@code STARTLEVEL FILE [dev]} a
 * line, {@code #} begins a comment. It is the truth about what runs; the framework's own cache is
 * made anew from it at every start.
 *
 * @param entries in the order of starting: by start level, then as listed
 */
record BundleList(List<Entry> entries) {

  /**
   * One bundle.
   *
   * @param startLevel 1 or more
   * @param file the jar
   */
  record Entry(int startLevel, Path file) {}

  /** The start level that all bundles of the list are at or below. */
  int highestStartLevel() {
    return entries.stream().mapToInt(Entry::startLevel).max().orElse(1);
  }

  static BundleList read(Path distribution, boolean dev) throws LaunchException {
    Path list = distribution.resolve("etc").resolve("bundles.list");
    Path folder = distribution.resolve("bundles");
    List<Entry> entries = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(list);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot read " + list + " (" + e + "); the installation is incomplete", e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        parse(line, folder, dev, list + ":" + (i + 1), entries);
      }
    }
    entries.sort(Comparator.comparingInt(Entry::startLevel));
    return new BundleList(List.copyOf(entries));
  }

  private static void parse(
      String line, Path folder, boolean dev, String where, List<Entry> entries)
      throws LaunchException {
    List<String> words = List.of(line.split("\\s+"));
    Set<String> marks = Set.copyOf(words.subList(Math.min(2, words.size()), words.size()));
    if (words.size() < 2
        || !words.get(0).matches("[1-9][0-9]{0,3}")
        || !Set.of("dev").containsAll(marks)) {
      throw new LaunchException(where + ": expected 'STARTLEVEL FILE [dev]', not '" + line + "'");
    }
    if (dev || !marks.contains("dev")) {
      entries.add(new Entry(Integer.parseInt(words.get(0)), file(words.get(1), folder, where)));
    }
  }

  private static Path file(String word, Path folder, String where) throws LaunchException {
    try {
      return folder.resolve(word);
    } catch (InvalidPathException e) {
      throw new LaunchException(where + ": there is no such file name: " + e.getMessage(), e);
    }
  }
}
