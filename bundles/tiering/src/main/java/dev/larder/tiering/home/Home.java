package dev.larder.tiering.home;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

  /**
   * Homes that this process holds. A POSIX lock is lost as soon as the process closes any
   * descriptor of the file, so a second attempt must not even open it. The system properties are
   * the one place that all class loaders share.
   */
  private static final String NOTE = "larder.home.locked.";

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
        unlock(real, lock);
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
    if (System.getProperties().putIfAbsent(NOTE + folder, "") != null) {
      throw locked(folder, String.valueOf(ProcessHandle.current().pid()));
    }
    boolean done = false;
    Path file = folder.resolve("run").resolve("core.lock");
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw locked(folder, readSmall(file).strip());
        }
        channel.truncate(0);
        String pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        done = true;
        return channel;
      } finally {
        if (!done) {
          channel.close();
        }
      }
    } finally {
      if (!done) {
        System.getProperties().remove(NOTE + folder);
      }
    }
  }

  private static void unlock(Path folder, FileChannel channel) throws IOException {
    try {
      channel.close();
    } finally {
      System.getProperties().remove(NOTE + folder);
    }
  }

  private static LarderException locked(Path folder, String pid) {
    return new LarderException(
        ErrorCode.LOCKED,
        "the home "
            + folder
            + " is in use by another gateway"
            + (pid.isEmpty() ? "" : ", pid " + pid),
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
      unlock(folder, lockFile);
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + folder + " cannot be freed", e);
    }
  }
}
