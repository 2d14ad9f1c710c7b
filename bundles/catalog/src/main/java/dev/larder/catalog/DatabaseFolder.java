package dev.larder.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of the database: its files, and those that were set aside. */
final class DatabaseFolder {

  private static final String NAME = "larder";
  private static final Pattern SET_ASIDE = Pattern.compile("set-aside-(\\d{1,9})");
  private static final int KEPT = 2;
  private static final long PAGE = 4_096;

  private final Path folder;

  DatabaseFolder(Path folder) {
    this.folder = folder;
  }

  /** The database file as H2 wants to be told: without its ending. */
  Path database() {
    return folder.resolve(NAME);
  }

  /**
   * Moves the database's files into a folder beside them, of which the last two are kept.
   *
   * @return that folder; empty if there was nothing
   */
  Optional<Path> setAside() throws IOException {
    List<Path> files = files();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> numbers = setAsideNumbers();
    int next = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
    Path target = folder.resolve("set-aside-" + next);
    Files.createDirectory(target);
    for (Path file : files) {
      Files.move(file, target.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    for (int i = 0; i < numbers.size() - (KEPT - 1); i++) {
      deleteTree(folder.resolve("set-aside-" + numbers.get(i)));
    }
    return Optional.of(target);
  }

  /** Deletes the database's files. */
  void delete() throws IOException {
    for (Path file : files()) {
      deleteTree(file);
    }
  }

  /** Bytes that all files take, rounded up to whole pages each. */
  long allocatedBytes() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.mapToLong(DatabaseFolder::allocated).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // the folder is gone or cannot be read: nothing that could be counted
    }
  }

  private static long allocated(Path file) {
    try {
      return Files.isRegularFile(file) ? (Files.size(file) + PAGE - 1) / PAGE * PAGE : 0;
    } catch (IOException e) {
      return 0; // H2 has deleted a temporary file meanwhile
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> String.valueOf(path.getFileName()).startsWith(NAME + "."))
          .toList();
    }
  }

  private List<Integer> setAsideNumbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(path -> SET_ASIDE.matcher(String.valueOf(path.getFileName())))
          .filter(Matcher::matches)
          .forEach(matcher -> numbers.add(Integer.parseInt(matcher.group(1))));
    }
    numbers.sort(Comparator.naturalOrder());
    return numbers;
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // gone already
    }
  }
}
