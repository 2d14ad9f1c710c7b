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
 * Appending goes through it and is forced by {@code fdatasync}. Where small appends are forced time
 * and again, the file is longer than the pack by zeros ({@link RoomAhead}): behind the end, so
 * never over what was forced. They are cut off when the pack is sealed or closed; what a crash
 * leaves of them is padding to whoever reads the pack.
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

  /** Held by who changes the length of the pack or of its file; not while a force waits. */
  private final ReentrantLock growing = new ReentrantLock();

  private final RoomAhead ahead = new RoomAhead();

  /** Length of the pack. Read by anybody. */
  private volatile long end;

  /** Length of the file, which may have zeros behind the pack's end. */
  private long length;

  /** What the file's length was when it was last forced; a hint, which nothing relies on. */
  private long forcedLength;

  /** Appended since the last force. */
  private long appended;

  private volatile boolean nameNotForced;
  private volatile boolean forceFailed;
  private volatile boolean sealed;

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
      this.length = end;
      this.writer = append ? new SteadyFile(path, Mode.WRITE) : null;
    } catch (IOException | RuntimeException e) {
      buffered.close();
      throw e;
    }
  }

  long number() {
    return number;
  }

  boolean appendable() {
    return writer != null;
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
    long visible = writer == null ? Long.MAX_VALUE : Math.max(0, end - position);
    try {
      while (target.position() < limit) {
        cancellation.check();
        target.limit(Math.min(limit, target.position() + extent));
        if (readStep(target, position + (target.position() - start)) <= 0) {
          break;
        }
      }
      // What is behind the end is not the pack's: zeros ahead, or what is being appended.
      target.position(start + (int) Math.min(target.position() - start, visible));
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
    if (medium.mapped()) {
      return buffered.readMapped(target, position, writer == null ? Long.MAX_VALUE : end);
    }
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
    growing.lock();
    try {
      if (position < end) {
        throw new IllegalStateException(
            "append to " + path + " at " + position + ", but it ends at " + end);
      }
      append(file, source, position);
    } finally {
      growing.unlock();
    }
  }

  private void append(SteadyFile file, ByteBuffer source, long position) throws IOException {
    int bytes = source.remaining();
    try {
      file.write(source, position);
    } catch (IOException e) {
      takeBack(file, e);
      throw medium.failures().writing("appending to " + path.getFileName(), bytes, e);
    }
    end = position + bytes;
    length = Math.max(length, end);
    appended += bytes;
  }

  /** What was written in part is given back: a full medium needs the room. */
  private void takeBack(SteadyFile file, IOException cause) {
    try {
      setLength(file, end);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void setLength(SteadyFile file, long size) throws IOException {
    file.setLength(size);
    length = size;
    forcedLength = Math.min(forcedLength, size);
  }

  @Override
  public void force() throws IOException {
    SteadyFile file = writer();
    try {
      long covered = grow(file);
      sync(file::syncData);
      forced(covered);
    } catch (IOException e) {
      throw medium.failures().writing("forcing " + path.getFileName(), 0, e);
    }
  }

  /** Writes zeros ahead if that is worth it; returns the length that the next force covers. */
  private long grow(SteadyFile file) throws IOException {
    growing.lock();
    try {
      int zeros = end > forcedLength ? ahead.before(appended) : 0;
      appended = 0;
      if (zeros > 0 && length == end && medium.hasRoomToSpare(zeros)) {
        writeZeros(file, zeros);
      }
      return length;
    } finally {
      growing.unlock();
    }
  }

  private void writeZeros(SteadyFile file, int zeros) throws IOException {
    try {
      file.write(ByteBuffer.allocate(zeros), end);
      length = end + zeros;
    } catch (IOException e) {
      setLength(file, end); // no room, or worse, which the force will tell
    }
  }

  private void forced(long covered) {
    growing.lock();
    try {
      forcedLength = Math.max(forcedLength, Math.min(covered, length));
    } finally {
      growing.unlock();
    }
  }

  /** What puts a file's bytes beyond a power cut. */
  private interface Sync {
    void run() throws IOException;
  }

  private void sync(Sync how) throws IOException {
    // The kernel reports a failed write-back once and then forgets it: asking again proves nothing.
    boolean done = false;
    try {
      how.run();
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
    cut(end, "sealing ");
    sealed = true;
  }

  @Override
  public void truncate(long size) throws IOException {
    if (size < 0 || size > end) {
      throw new IllegalArgumentException("cannot cut " + path + " of " + end + " at " + size);
    }
    cut(size, "truncating ");
  }

  private void cut(long size, String doing) throws IOException {
    SteadyFile file = writer();
    growing.lock();
    try {
      if (length != size) {
        setLength(file, size);
      }
      end = size;
      appended = 0;
      sync(file::sync);
      forcedLength = size;
    } catch (IOException e) {
      throw medium.failures().writing(doing + path.getFileName(), 0, e);
    } finally {
      growing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    opening.lock();
    try {
      closed = true;
      cutZeros();
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

  /** Gives back the room ahead of a pack that is closed without being sealed. */
  private void cutZeros() {
    growing.lock();
    try {
      if (writer != null && length > end && !forceFailed) {
        setLength(writer, end);
      }
    } catch (IOException e) {
      return; // closed twice, or the medium is gone: they are padding, and go when it is recovered
    } finally {
      growing.unlock();
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
