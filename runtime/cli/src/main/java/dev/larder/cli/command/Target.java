package dev.larder.cli.command;

import dev.larder.cli.CliException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where content is written to. A file gets its name only when it is complete; until then it has
 * another one beside it. Standard output, pipes and devices are written straight.
 */
final class Target implements Closeable {
  private final OutputStream out;
  private final @Nullable Path part;
  private final @Nullable Path file;
  private boolean complete;

  private Target(OutputStream out, @Nullable Path part, @Nullable Path file) {
    this.out = out;
    this.part = part;
    this.file = file;
  }

  /** Standard output. */
  static Target standardOutput(OutputStream out) {
    return new Target(out, null, null);
  }

  /** A file that is to be made or replaced. */
  static Target file(Path file, long suffix) throws CliException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        return new Target(Files.newOutputStream(file), null, null);
      }
      Path part = file.resolveSibling(".larder-" + Long.toHexString(suffix) + ".part");
      OutputStream out =
          Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new Target(out, part, file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Writes bytes. */
  void write(byte[] bytes, int length) throws CliException {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** All is written and right: the file gets its name. */
  void complete() throws CliException {
    try {
      out.flush();
      if (part != null && file != null) {
        out.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      complete = true;
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Removes what is not complete. */
  @Override
  public void close() throws IOException {
    if (part != null && !complete) {
      out.close();
      Files.deleteIfExists(part);
    }
  }

  private static CliException failed(@Nullable Path file, IOException e) {
    String where = file == null ? "standard output" : file.toString();
    String why =
        e instanceof NoSuchFileException
            ? "no such folder"
            : e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
    return new CliException("IO_ERROR", "cannot write " + where + ": " + why, "check the path");
  }
}
