package dev.larder.configuration;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A folder whose files are replaced at one go, and stay so whenever the power goes. */
final class DurableFolder {
  /** Of files that are being written, and mean nothing yet. */
  static final String UNFINISHED = ".new";

  private final Path folder;

  /** Creates the folder, for its owner only: configurations may hold credentials. */
  DurableFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    for (String name : names(UNFINISHED)) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  boolean exists(String name) {
    return Files.exists(path(name));
  }

  /** The names of all files that end so, sorted. */
  List<String> names(String suffix) throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + suffix)) {
      for (Path file : files) {
        names.add(file.getFileName().toString());
      }
    }
    names.sort(null);
    return names;
  }

  /**
   * Reads a file of bounded size.
   *
   * @throws IOException also if it is larger
   */
  byte[] read(String name, long largest) throws IOException {
    long size = Files.size(path(name));
    if (size > largest) {
      throw new IOException(size + " bytes, more than " + largest);
    }
    return Files.readAllBytes(path(name));
  }

  /** Writes all, forces it, and only then puts it in the place of what had the name before. */
  void replace(String name, byte[] content) throws IOException {
    Path unfinished = path(name + UNFINISHED);
    // Not a channel: an interrupt would close it.
    try (RandomAccessFile file = new RandomAccessFile(unfinished.toFile(), "rw")) {
      file.setLength(0);
      file.write(content);
      file.getFD().sync();
    }
    Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE);
  }

  void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  /** Makes the names of files durable. An interrupt waits. */
  void force() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          // Remembered above, and done again.
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
