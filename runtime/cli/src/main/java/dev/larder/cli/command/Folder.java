package dev.larder.cli.command;

import dev.larder.cli.CliException;
import dev.larder.cli.text.Names;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All files in a folder, with the references that they get. */
final class Folder {
  /**
   * A file to be stored.
   *
   * @param reference what it is stored under
   * @param source the file
   */
  record Item(String reference, Source source) {}

  private final Path root;
  private final String prefix;
  private final List<Item> items = new ArrayList<>();
  private final List<Path> skipped = new ArrayList<>();
  private final Map<String, Path> taken = new HashMap<>();

  private Folder(Path root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  /** Reads a folder and checks every file in it before anything is sent. */
  static Folder read(Path root, String shown, @Nullable String prefix) throws CliException {
    if (!Files.isDirectory(root)) {
      Source.of(root, shown); // says so if it is not there or cannot be read
      throw new CliException(
          "INVALID_ARGUMENT", shown + " is not a directory", "leave --recursive out");
    }
    Folder folder = new Folder(root, prefix == null ? "" : Names.name(prefix) + "/");
    folder.walk();
    return folder;
  }

  /** Files, sorted by path. */
  List<Item> items() {
    return items;
  }

  /** What was left out: links, pipes, devices. */
  List<Path> skipped() {
    return skipped;
  }

  private void walk() throws CliException {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Collector(files));
    } catch (AccessDeniedException e) {
      throw new CliException(
          "IO_ERROR",
          "cannot read " + e.getFile() + ": permission denied; nothing was stored",
          "change its mode or run as its owner");
    } catch (FileSystemLoopException e) {
      throw new CliException("IO_ERROR", e.getFile() + " contains itself", "");
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR", "cannot read " + root + ": " + e.getMessage(), "check the medium");
    }
    files.sort(Comparator.comparing(Path::toString));
    for (Path file : files) {
      add(file);
    }
  }

  private void add(Path file) throws CliException {
    String reference = reference(file);
    Path other = taken.put(reference, file);
    if (other != null) {
      throw new CliException(
          "INVALID_ARGUMENT",
          other + " and " + file + " would both be named " + reference,
          "rename one of them, or put them one by one with --name");
    }
    items.add(new Item(reference, Source.of(file, file.toString())));
  }

  private String reference(Path file) throws CliException {
    StringBuilder name = new StringBuilder(prefix);
    for (Path component : root.relativize(file)) {
      name.append(Names.componentOf(component.toString())).append('/');
    }
    name.setLength(name.length() - 1);
    try {
      return Names.reference(name.toString());
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "INVALID_ARGUMENT", "cannot name " + file + ": " + e.getMessage(), "use --prefix");
    }
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    Collector(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      (attributes.isRegularFile() ? files : skipped).add(file);
      return FileVisitResult.CONTINUE;
    }
  }
}
