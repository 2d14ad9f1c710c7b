package dev.larder.tiering.home;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The home of one gateway, held by a lock that ends with the process. Knows where things are in it
 * and who the gateway is.
 */
public final class Home implements Closeable {

  private static final int MAX_SMALL_FILE = 4096;

  private final Path folder;
  private final FileChannel lockFile;
  private final UUID gateway;

  private Home(Path folder, FileChannel lockFile, UUID gateway) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.gateway = gateway;
  }

  /**
   * Makes what is missing, locks the home and reads who the gateway is.
   *
   * @throws LarderException {@code LOCKED} with the other gateway's process id, or {@code IO_ERROR}
   *     if the folder cannot be used
   */
  public static Home open(Path folder) throws LarderException {
    try {
      Path real = makeFolders(folder);
      FileChannel lock = lock(real);
      try {
        return new Home(real, lock, identity(real.resolve("conf").resolve("gateway")));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static Path makeFolders(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path real = folder.toRealPath();
    for (String part : new String[] {"conf", "run", "catalog"}) {
      Files.createDirectories(real.resolve(part));
    }
    return real;
  }

  private static LarderException unusable(Path folder, IOException e) {
    String why =
        e instanceof AccessDeniedException
            ? "permission denied"
            : e instanceof FileAlreadyExistsException
                ? "it is not a folder"
                : String.valueOf(e.getMessage());
    return new LarderException(
        ErrorCode.IO_ERROR,
        "the home " + folder + " cannot be used: " + why,
        "make it writable for this user, or name another with --home or $LARDER_HOME",
        e);
  }

  private static FileChannel lock(Path folder) throws IOException {
    Path file = folder.resolve("run").resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw locked(folder, file);
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid));
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw locked(folder, file);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static LarderException locked(Path folder, Path file) throws IOException {
    String pid = readSmall(file).strip();
    return new LarderException(
        ErrorCode.LOCKED,
        "the home " + folder + " is in use by another gateway" + (pid.isEmpty() ? "" : ", pid " + pid),
        "stop it with 'larder stop', or name another home with --home");
  }

  private static UUID identity(Path file) throws IOException {
    if (Files.exists(file)) {
      String text = readSmall(file).strip();
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw new LarderException(
            ErrorCode.CORRUPT,
            "the gateway's identity in " + file + " is not a UUID",
            "restore it from a backup, or delete it: the gateway then takes a new identity",
            e);
      }
    }
    UUID made = UUID.randomUUID();
    DurableFiles.write(file, made + "\n");
    return made;
  }

  private static String readSmall(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_SMALL_FILE), StandardCharsets.UTF_8);
    }
  }

  /** The folder, as a real path. */
  public Path folder() {
    return folder;
  }

  /** Configuration. */
  public Path conf() {
    return folder.resolve("conf");
  }

  /** The catalog's database. */
  public Path catalog() {
    return folder.resolve("catalog");
  }

  /** Who this gateway is: made once, kept for ever. */
  public UUID gateway() {
    return gateway;
  }

  /** Frees the lock. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + folder + " cannot be freed", e);
    }
  }
}
