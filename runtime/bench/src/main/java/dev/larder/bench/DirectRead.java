package dev.larder.bench;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Reads a plain file from one end to the other past the page cache, a mebibyte at a time, as {@code
 * dd bs=1M iflag=direct} does: what the medium gives without a store.
 */
final class DirectRead {
  private static final int UNIT = 1 << 20;

  /** Enough for all sectors and pages. */
  private static final int ALIGNMENT = 4096;

  private final Path file;
  private final boolean direct;

  private DirectRead(Path file, boolean direct) {
    this.file = file;
    this.direct = direct;
  }

  /** Makes the file from the first bytes of another, durably. */
  static DirectRead copyOf(Path source, long size, Path file) throws IOException {
    byte[] buffer = new byte[UNIT];
    try (InputStream in = Files.newInputStream(source);
        OutputStream out = Files.newOutputStream(file)) {
      for (long left = size; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException(source + " is shorter than " + size + " bytes");
        }
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try (FileChannel ignored = open(file, true)) {
      return new DirectRead(file, true);
    } catch (IOException | UnsupportedOperationException e) {
      return new DirectRead(file, false); // tmpfs, FUSE and exFAT refuse it
    }
  }

  /** Whether the file system lets it pass by the page cache; else that has to be dropped. */
  boolean isDirect() {
    return direct;
  }

  /** Reads all of it; returns how many bytes that were. */
  long run() throws IOException {
    ByteBuffer unit = ByteBuffer.allocateDirect(UNIT + ALIGNMENT).alignedSlice(ALIGNMENT);
    unit.limit(UNIT);
    try (FileChannel channel = open(file, direct)) {
      // Not until there is no more: a direct read must not begin behind the last, partial sector.
      long size = channel.size();
      long at = 0;
      while (at < size) {
        int n = channel.read(unit.position(0));
        if (n < unit.limit() && at + n < size) {
          throw new IOException(file + " is shorter than it was, or is read in parts");
        }
        at += n;
      }
      return at;
    }
  }

  private static FileChannel open(Path file, boolean direct) throws IOException {
    return direct
        ? FileChannel.open(file, Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT))
        : FileChannel.open(file, StandardOpenOption.READ);
  }
}
