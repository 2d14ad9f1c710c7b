package dev.larder.media.folder;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive lock on a volume's folder. It ends with the process, however that ends.
 *
 * <p>It is held on an empty file {@value #FILE} that is never replaced: packs come and go, and a
 * superblock is replaced by renaming, which would leave the lock on the file that is no more.
 *
 * <p>A POSIX lock is lost as soon as the process closes <em>any</em> descriptor of the file, so a
 * second attempt in one process must not even open it. What this process holds is therefore noted
 * among the system properties, the one place that all class loaders (each driver bundle carries its
 * own copy of this class) share.
 */
final class FolderLock implements Closeable {

  /** Its name in the folder. */
  static final String FILE = ".lock";

  private final String note;
  private final @Nullable FileChannel channel;
  private final boolean exclusive;

  private FolderLock(String note, @Nullable FileChannel channel, boolean exclusive) {
    this.note = note;
    this.channel = channel;
    this.exclusive = exclusive;
  }

  /**
   * Takes the lock; a shared one, or none, where the folder refuses writes.
   *
   * @throws LarderException {@code LOCKED}
   */
  static FolderLock take(Path folder) throws IOException {
    String note = "larder.locked." + key(folder);
    if (System.getProperties().putIfAbsent(note, folder.toString()) != null) {
      throw locked(folder, "this gateway", null);
    }
    boolean interrupted = Thread.interrupted();
    boolean taken = false;
    try {
      FolderLock lock = onFile(folder, note);
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        System.getProperties().remove(note);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether it keeps others out: false on a folder that refuses writes. */
  boolean exclusive() {
    return exclusive;
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      System.getProperties().remove(note);
    }
  }

  private static FolderLock onFile(Path folder, String note) throws IOException {
    Path file = folder.resolve(FILE);
    FileChannel writable;
    try {
      writable = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      if (!FolderFailures.refusesWrites(e)) {
        throw e;
      }
      return shared(folder, file, note);
    }
    return new FolderLock(note, lock(folder, writable, false), true);
  }

  private static FolderLock shared(Path folder, Path file, String note) throws IOException {
    try {
      FileChannel readable = FileChannel.open(file, StandardOpenOption.READ);
      return new FolderLock(note, lock(folder, readable, true), false);
    } catch (NoSuchFileException | AccessDeniedException e) {
      return new FolderLock(note, null, false);
    }
  }

  private static FileChannel lock(Path folder, FileChannel channel, boolean shared)
      throws IOException {
    boolean done = false;
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock == null) {
        throw locked(folder, "another process", null);
      }
      done = true;
      return channel;
    } catch (OverlappingFileLockException e) {
      throw locked(folder, "this process", e);
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static LarderException locked(Path folder, String who, @Nullable Throwable cause) {
    return new LarderException(
        ErrorCode.LOCKED,
        "the volume in " + folder + " is in use by " + who,
        "stop the other gateway, or give this one another folder",
        cause);
  }

  private static String key(Path folder) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return String.valueOf(key != null ? key : folder.toRealPath());
  }
}
