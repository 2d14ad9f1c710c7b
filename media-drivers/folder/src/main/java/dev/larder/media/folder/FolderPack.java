package dev.larder.media.folder;

import dev.larder.media.folder.SteadyFile.Mode;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pack in a file.
 *
 * <p>Aligned reads go past the page cache where the file system allows it, all others through it.
 * Appending goes through it and is forced by {@code fsync}.
 */
final class FolderPack implements PackFile {

  private final FolderMedium medium;
  private final long number;
  private final Path path;
  private final SteadyFile buffered;
  private final @Nullable SteadyFile writer;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable SteadyFile direct;
  private volatile boolean closed;

  /** Guarded by the contract: one thread appends. Read by others through {@link #size}. */
  private volatile long end;

  private boolean nameNotForced;
  private volatile boolean forceFailed;
  private boolean sealed;

  FolderPack(FolderMedium medium, long number, Path path, boolean append, boolean created)
      throws IOException {
    this.medium = medium;
    this.number = number;
    this.path = path;
    this.nameNotForced = created;
    // Opened first: a file opened for writing would be made if it were not there.
    this.buffered = new SteadyFile(path, Mode.READ);
    try {
      this.end = buffered.size();
      this.writer = append ? new SteadyFile(path, Mode.WRITE) : null;
    } catch (IOException | RuntimeException e) {
      buffered.close();
      throw e;
    }
  }

  long number() {
    return number;
  }

  @Override
  public long size() throws IOException {
    if (writer != null) {
      return end;
    }
    try {
      return buffered.size();
    } catch (IOException e) {
      throw medium.failures().reading("size of " + path.getFileName(), e);
    }
  }

  @Override
  public int read(ByteBuffer target, long position, Cancellation cancellation) throws IOException {
    int extent = medium.profile().extentBytes();
    int limit = target.limit();
    int start = target.position();
    try {
      while (target.position() < limit) {
        cancellation.check();
        target.limit(Math.min(limit, target.position() + extent));
        if (readStep(target, position + (target.position() - start)) <= 0) {
          break;
        }
      }
      return target.position() - start;
    } catch (IOException e) {
      throw medium.failures().reading("reading " + path.getFileName(), e);
    } finally {
      target.limit(limit);
    }
  }

  /**
   * One read. Where a direct one ended at the end of the file, what comes next is not aligned, so
   * it is asked for through the page cache, which answers with the end.
   */
  private int readStep(ByteBuffer target, long position) throws IOException {
    if (medium.direct() && DirectIo.aligned(target, position, medium.profile().alignmentBytes())) {
      int start = target.position();
      try {
        return directFile().read(target, position);
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        target.position(start);
        int read = buffered.read(target, position);
        // The page cache could read what direct I/O could not: it is direct I/O that is refused.
        medium.refuseDirect();
        return read;
      }
    }
    return buffered.read(target, position);
  }

  private SteadyFile directFile() throws IOException {
    SteadyFile file = direct;
    if (file != null) {
      return file;
    }
    opening.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (direct == null) {
        direct = new SteadyFile(path, Mode.READ_DIRECT);
      }
      return direct;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void append(ByteBuffer source, long position) throws IOException {
    SteadyFile file = writer();
    if (position != end) {
      throw new IllegalStateException(
          "append to " + path + " at " + position + ", but it ends at " + end);
    }
    int length = source.remaining();
    try {
      file.write(source, position);
      end = position + length;
    } catch (IOException e) {
      takeBack(file, e);
      throw medium.failures().writing("appending to " + path.getFileName(), length, e);
    }
  }

  /** What was written in part is given back: a full medium needs the room. */
  private void takeBack(SteadyFile file, IOException cause) {
    try {
      file.setLength(end);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void force() throws IOException {
    try {
      sync(writer());
    } catch (IOException e) {
      throw medium.failures().writing("forcing " + path.getFileName(), 0, e);
    }
  }

  private void sync(SteadyFile file) throws IOException {
    // The kernel reports a failed write-back once and then forgets it: asking again proves nothing.
    boolean done = false;
    try {
      file.sync();
      if (nameNotForced) {
        medium.forceFolder();
        nameNotForced = false;
      }
      done = true;
    } finally {
      if (!done) {
        forceFailed = true;
      }
    }
  }

  @Override
  public void seal() throws IOException {
    force();
    sealed = true;
  }

  @Override
  public void truncate(long size) throws IOException {
    SteadyFile file = writer();
    if (size < 0 || size > end) {
      throw new IllegalArgumentException("cannot cut " + path + " of " + end + " at " + size);
    }
    try {
      file.setLength(size);
      end = size;
      sync(file);
    } catch (IOException e) {
      throw medium.failures().writing("truncating " + path.getFileName(), 0, e);
    }
  }

  @Override
  public void close() throws IOException {
    opening.lock();
    try {
      closed = true;
      SteadyFile open = direct;
      try (buffered;
          SteadyFile first = writer;
          SteadyFile second = open) {
        medium.forget(this);
      }
    } finally {
      opening.unlock();
    }
  }

  private SteadyFile writer() throws IOException {
    if (writer == null) {
      throw new IllegalStateException(path + " was opened for reading only");
    }
    if (sealed) {
      throw new IllegalStateException(path + " is sealed");
    }
    if (forceFailed) {
      throw new IOException(path + " could not be forced before; what it holds is not certain");
    }
    return writer;
  }
}
