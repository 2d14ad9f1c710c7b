package dev.larder.media.folder;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Making and forcing folders. */
final class Folders {

  private Folders() {}

  /** Makes a folder, and those above it, so that they outlive a power cut. */
  static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
    }
    try {
      Files.createDirectory(folder);
      if (parent != null) {
        force(parent);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw new LarderException(
            ErrorCode.INVALID_ARGUMENT, folder + " is not a folder", "name a folder", e);
      }
    } catch (IOException e) {
      if (FolderFailures.refusesWrites(e)) {
        throw new LarderException(
            ErrorCode.READ_ONLY,
            "the folder " + folder + " cannot be made",
            "make the medium writable, or name a folder that can be written to",
            e);
      }
      throw e;
    }
  }

  /** Puts the names in a folder beyond a power cut. */
  static void force(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
