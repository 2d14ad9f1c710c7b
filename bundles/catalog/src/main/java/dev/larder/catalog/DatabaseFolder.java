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
  private static final long KEPT_BYTES = 16 << 20;
  private static final long PAGE = 4_096;

  private final Path folder;

  DatabaseFolder(Path folder) {
    this.folder = folder;
  }

  /** The database file as H2 wants to be told: without its ending. */
  Path database() {
    return folder.resolve(NAME);
  }

  /** What vouches for the database while it is closed. */
  Seal seal() {
    return new Seal(folder.resolve(NAME + ".mv.db"), folder.resolve(NAME + ".seal"));
  }

  /**
   * Moves the database's files into a folder beside them, of which the last two are kept, and of
   * those only what is not larger than 16 MiB in all: they are evidence, and take room from the
   * artifacts.
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
    numbers.add(next);
    dropOld(numbers);
    return Optional.of(target);
  }

  private void dropOld(List<Integer> numbers) throws IOException {
    long bytes = 0;
    int kept = 0;
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Path old = folder.resolve("set-aside-" + numbers.get(i));
      bytes += allocatedBytes(old);
      if (kept == KEPT || bytes > KEPT_BYTES) {
        deleteTree(old);
      } else {
        kept++;
      }
    }
  }

  /** Deletes the database's files. */
  void delete() throws IOException {
    for (Path file : files()) {
      deleteTree(file);
    }
  }

  /** Bytes that all files take, rounded up to whole pages each. */
  long allocatedBytes() {
    return allocatedBytes(folder);
  }

  private static long allocatedBytes(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
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
