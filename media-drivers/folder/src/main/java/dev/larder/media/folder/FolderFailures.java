package dev.larder.media.folder;

import dev.larder.api.LarderException;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a failure of the operating system means for the medium. Java hands errno on as text
 * only, which may be in the user's language, so what can be looked at is looked at as well.
 */
final class FolderFailures {

  private static final List<String> FULL = List.of("No space left on device", "quota exceeded");
  private static final List<String> GONE =
      List.of(
          "No such device",
          "Stale file handle",
          "Transport endpoint is not connected",
          "No medium found");

  private final Path folder;
  private final @Nullable Object fileKey;

  /** Remembers which folder it was: an empty mount point has the same path, but is another one. */
  FolderFailures(Path folder) throws IOException {
    this.folder = folder;
    this.fileKey = key(folder);
  }

  /** The failure of a read or of something that needs no room. */
  IOException reading(String what, IOException cause) {
    if (alreadyTyped(cause)) {
      return cause;
    }
    if (gone(cause)) {
      return new MediumGoneException("the medium of " + folder + " is gone (" + what + ")", cause);
    }
    return cause;
  }

  /**
   * The failure of a write.
   *
   * @param bytes that were to be written
   */
  IOException writing(String what, long bytes, IOException cause) {
    IOException typed = reading(what, cause);
    if (typed == cause && !alreadyTyped(cause) && full(cause, bytes)) {
      return new MediumFullException(
          "no room on the medium of " + folder + " (" + what + ")", cause);
    }
    return typed;
  }

  /** Whether the folder can no longer be found where it was. */
  boolean vanished() {
    try {
      return !Objects.equals(fileKey, key(folder));
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return mentions(e, GONE);
    }
  }

  /** Whether the operating system refused to write because of a read-only mount or permissions. */
  static boolean refusesWrites(IOException cause) {
    return cause instanceof AccessDeniedException
        || mentions(cause, List.of("Read-only file system", "Permission denied"));
  }

  private static boolean alreadyTyped(IOException cause) {
    return cause instanceof LarderException
        || cause instanceof MediumGoneException
        || cause instanceof MediumFullException;
  }

  private boolean gone(IOException cause) {
    return mentions(cause, GONE) || (!(cause instanceof ClosedChannelException) && vanished());
  }

  private boolean full(IOException cause, long bytes) {
    if (mentions(cause, FULL)) {
      return true;
    }
    try {
      return Files.getFileStore(folder).getUsableSpace() < bytes;
    } catch (IOException e) {
      cause.addSuppressed(e);
      return false;
    }
  }

  private static @Nullable Object key(Path folder) throws IOException {
    return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
  }

  private static boolean mentions(IOException cause, List<String> texts) {
    String message = String.valueOf(cause.getMessage());
    return texts.stream().anyMatch(message::contains);
  }
}
