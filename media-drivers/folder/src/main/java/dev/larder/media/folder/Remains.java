package dev.larder.media.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * The bytes of a file whose name is about to be deleted. A file system that gives back hundreds of
 * megabytes at once lets readers of other files wait: 70 ms were seen for 256 MiB on ext4. So they
 * are given back in steps. The room of what is left when that is cut off comes back all the same:
 * the file has no name any more.
 */
final class Remains implements Closeable {

  private static final long STEP_BYTES = 8L << 20;
  private static final int REST = 2;

  private final FileChannel file;

  /** Of an existing file. */
  Remains(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.WRITE);
  }

  /** Gives all of them back, and rests after each step for twice as long as it took. */
  void giveBack() throws IOException {
    for (long left = file.size() - STEP_BYTES; left > 0; left -= STEP_BYTES) {
      long start = System.nanoTime();
      file.truncate(left);
      LockSupport.parkNanos(REST * (System.nanoTime() - start));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
