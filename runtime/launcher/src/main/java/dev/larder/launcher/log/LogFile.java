package dev.larder.launcher.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log of bounded size: when the file is full it becomes {@code NAME.1}, that {@code NAME.2}, and
 * the oldest goes. Lines are not forced: losing the last ones at a power cut is cheaper than
 * wearing the flash. Thread-safe. An {@code OutputStream}, not a channel: an interrupted caller
 * must not close it.
 */
final class LogFile implements AutoCloseable {
  private final Path file;
  private final long limit;
  private final int kept;
  private FileOutputStream out;
  private long size;
  private long lost;
  private boolean closed;

  /**
   * Goes on with the file if there is one.
   *
   * @param limit bytes after which a file is full
   * @param kept how many full files are kept, 1 or more
   */
  LogFile(Path file, long limit, int kept) throws IOException {
    this.file = file;
    this.limit = limit;
    this.kept = kept;
    this.out = append();
    this.size = Files.size(file);
  }

  private FileOutputStream append() throws IOException {
    return new FileOutputStream(file.toFile(), true);
  }

  /** Writes the text, which ends with a line end. A full disk loses it, and says so later. */
  synchronized void write(String text) {
    if (closed) {
      return;
    }
    try {
      if (size >= limit) {
        rotate();
      }
      if (lost > 0) {
        put("(" + lost + " entries could not be written)" + System.lineSeparator());
        lost = 0;
      }
      put(text);
    } catch (IOException e) {
      lost++;
    }
  }

  private void put(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    size += bytes.length;
  }

  private void rotate() throws IOException {
    out.close();
    try {
      for (int i = kept - 1; i >= 1; i--) {
        if (Files.exists(numbered(i))) {
          Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    } finally {
      out = append();
      size = Files.size(file);
    }
  }

  private Path numbered(int i) {
    return file.resolveSibling(file.getFileName() + "." + i);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    out.close();
  }
}
