package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files of a folder.
 *
 * @param root real path of the folder
 * @param files all regular files in it, at least one, sorted by path
 * @param skipped symbolic links, pipes and devices, which are left out
 */
record Corpus(Path root, List<Item> files, List<Path> skipped) {

  /** A file and its size when the folder was read. */
  record Item(Path path, long size) {}

  /**
   * Reads a folder, and opens each file once: a mode alone does not tell whether it is readable.
   */
  static Corpus read(String folder) throws CliException {
    Path path = Path.of(folder);
    if (!Files.isDirectory(path)) {
      String what = Files.exists(path) ? " is no folder" : ": no such folder";
      throw new CliException("NOT_FOUND", folder + what, "check the path");
    }
    try {
      Corpus corpus = new Corpus(path.toRealPath(), new ArrayList<>(), new ArrayList<>());
      Files.walkFileTree(corpus.root, corpus.new Collector());
      return corpus.checked();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private Corpus checked() throws CliException {
    if (files.isEmpty()) {
      throw new CliException("NOT_FOUND", "there is no file in " + root, "check the path");
    }
    // The order of larder put --recursive, whose results can so be told to files.
    files.sort(Comparator.comparing(item -> item.path().toString()));
    return this;
  }

  /** What is said when a file cannot be read. */
  static CliException unreadable(Path path, IOException e) {
    return e instanceof AccessDeniedException denied
        ? new CliException(
            "IO_ERROR",
            "cannot read " + denied.getFile() + ": permission denied",
            "change its mode or run as its owner")
        : new CliException(
            "IO_ERROR",
            "cannot read " + path + ": " + e.getMessage(),
            "check the file and its medium");
  }

  /** Bytes of all files. */
  long size() {
    return files.stream().mapToLong(Item::size).sum();
  }

  /** What should be known about the choice of files. */
  List<String> notes() {
    return skipped.stream().map(path -> "left out, no regular file: " + path).toList();
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile()) {
        try (InputStream in = Files.newInputStream(file)) {
          files.add(new Item(file, attributes.size()));
        }
      } else {
        skipped.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
