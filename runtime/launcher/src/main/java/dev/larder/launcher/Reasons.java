package dev.larder.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Exceptions in words, on one line. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable failure) {
    if (failure instanceof AccessDeniedException e) {
      return "no permission for " + e.getFile();
    }
    if (failure instanceof NoSuchFileException e) {
      return e.getFile() + " does not exist";
    }
    if (failure instanceof FileAlreadyExistsException e) {
      return e.getFile() + " is not a folder";
    }
    if (failure instanceof FileSystemException e && e.getReason() != null) {
      return e.getFile() + ": " + e.getReason();
    }
    String message = failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    return oneLine(text);
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
  }

  /** The first failure of a chain: what really went wrong in a bundle that did not start. */
  static String ofRoot(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; depth < 20 && root.getCause() != null; depth++) {
      root = root.getCause();
    }
    return root == failure || root.getMessage() == null
        ? of(failure)
        : of(failure) + ": " + of(root);
  }
}
