package dev.larder.cli.command;

import dev.larder.cli.CliException;
import dev.larder.cli.gateway.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A local file that is to be stored, checked before anything is sent.
 *
 * @param path where it is
 * @param size bytes at the time of the check
 */
record Source(Path path, long size) {
  private static final int BUFFER = 128 * 1024;

  /** Checks that a file is there and may be read. */
  static Source of(Path path, String shown) throws CliException {
    if (!Files.exists(path)) {
      boolean dangling = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      throw new CliException(
          "NOT_FOUND",
          "cannot read " + name(shown) + ": " + (dangling ? "broken link" : "no such file"),
          "check the path");
    }
    if (Files.isDirectory(path)) {
      throw new CliException(
          "INVALID_ARGUMENT",
          "cannot put " + name(shown) + ": it is a directory",
          "use --recursive to put all files in it");
    }
    try {
      return new Source(path, probe(path));
    } catch (AccessDeniedException e) {
      throw new CliException(
          "IO_ERROR",
          "cannot read " + name(shown) + ": permission denied",
          "change its mode or run as its owner");
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static String name(String shown) {
    return shown.isEmpty() ? "''" : shown;
  }

  /** Opens and closes it, because a mode alone does not tell whether it can be read. */
  private static long probe(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return -1; // a pipe or device: streamed without a length, and opened only once
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Files.size(path);
    }
  }

  /** Writes the content; exactly {@link #size()} bytes if that is known. */
  void writeTo(OutputStream out, LongConsumer progress) throws IOException {
    try (InputStream in = open()) {
      long written = copy(in, out, size < 0 ? Long.MAX_VALUE : size, progress);
      if (size >= 0 && (written < size || read(in, new byte[1], 1) > 0)) {
        throw new SourceException(
            new CliException(
                "IO_ERROR",
                path + " changed while it was read",
                "put it again when nothing writes to it"));
      }
    }
  }

  private InputStream open() throws IOException {
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new SourceException(unreadable(path, e));
    }
  }

  private long copy(InputStream in, OutputStream out, long limit, LongConsumer progress)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long written = 0;
    while (written < limit) {
      int n = read(in, buffer, (int) Math.min(buffer.length, limit - written));
      if (n < 0) {
        break;
      }
      out.write(buffer, 0, n);
      written += n;
      progress.accept(n);
    }
    return written;
  }

  private int read(InputStream in, byte[] buffer, int length) throws IOException {
    try {
      return in.read(buffer, 0, length);
    } catch (IOException e) {
      throw new SourceException(unreadable(path, e));
    }
  }

  private static CliException unreadable(Path path, IOException e) {
    return new CliException(
        "IO_ERROR", "cannot read " + path + ": " + e.getMessage(), "check the file and its medium");
  }
}
