package dev.larder.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a gateway's data, as far as the launcher uses it: {@code log/}, {@code conf/},
 * {@code deploy/} and {@code run/}, which it holds locked while it runs. {@code run/cache} (the
 * framework's) and {@code run/tmp} are emptied at each start.
 */
final class Home implements AutoCloseable {
  private final Path folder;
  private final FileChannel lockFile;
  private final FileLock lock;

  private Home(Path folder, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** Creates what is missing and takes the lock. */
  static Home open(Path folder) throws LaunchException {
    try {
      for (String name : new String[] {"conf", "log", "run", "deploy"}) {
        Files.createDirectories(folder.resolve(name));
      }
      return lock(folder);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot use home "
              + folder
              + " ("
              + Reasons.of(e)
              + "); choose another one with --home or $LARDER_HOME",
          e);
    }
  }

  private static Home lock(Path folder) throws IOException, LaunchException {
    Path path = folder.resolve("run").resolve("launcher.lock");
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = tryLock(file);
      if (lock == null) {
        throw new LaunchException(
            "another gateway"
                + owner(file)
                + " runs on home "
                + folder
                + "; stop it first, or choose another home");
      }
      file.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      file.write(ByteBuffer.wrap(pid), 0);
      return new Home(folder, file, lock);
    } finally {
      if (lock == null) {
        file.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this very process
    }
  }

  private static String owner(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    file.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return pid.matches("[0-9]+") ? " (pid " + pid + ")" : "";
  }

  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("run").resolve("cache");
  }

  Path temporary() {
    return folder.resolve("run").resolve("tmp");
  }

  Path logFile() {
    return folder.resolve("log").resolve("gateway.log");
  }

  Path runFile() {
    return folder.resolve("run").resolve("gateway.json");
  }

  /** Empties what must not outlive a process. */
  void wipe() throws LaunchException {
    try {
      Files.deleteIfExists(runFile());
      deleteTree(cache());
      deleteTree(temporary());
      Files.createDirectories(temporary());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot empty " + cache() + " or " + temporary() + " (" + Reasons.of(e) + ")", e);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    try {
      Files.walkFileTree(
          tree,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Nothing to delete.
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockFile.close();
  }
}
