package dev.larder.media.folder;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An open file that outlives the interruption of a thread.
 *
 * <p>Interrupting a thread that is inside a {@link FileChannel} closes the channel for all threads.
 * Here the file is then opened anew and the operation, which names its position and so can be done
 * twice, is done again; the thread's interrupt status is given back at the end.
 *
 * <p>Forcing never goes through {@link FileChannel#force}: an interrupted {@code force} throws the
 * failure of the disk away, and a second one then succeeds though the bytes are lost. {@link #sync}
 * goes through the file descriptor, {@link #syncData} through a channel that no interruption can
 * close and that is open as long as this is, so that it is told of every failed write-back.
 *
 * <p>Safe for use by many threads.
 */
final class SteadyFile implements Closeable {

  /** How a file is opened. */
  enum Mode {
    READ,
    READ_DIRECT,
    WRITE
  }

  /** Bytes moved at once through a buffer on the heap: the JDK keeps a direct copy per thread. */
  private static final int HEAP_STEP = 64 << 10;

  /** Each repetition takes another interruption by somebody, so this is never reached. */
  private static final int MAX_ATTEMPTS = 1000;

  private final Path path;
  private final Mode mode;
  private final @Nullable AsynchronousFileChannel forcing;
  private volatile Handle handle;
  private volatile boolean closed;

  SteadyFile(Path path, Mode mode) throws IOException {
    this.path = path;
    this.mode = mode;
    this.handle = Handle.open(path, mode);
    try {
      // Nothing is ever read or written through it, so it starts no thread.
      this.forcing =
          mode == Mode.WRITE ? AsynchronousFileChannel.open(path, StandardOpenOption.WRITE) : null;
    } catch (IOException | RuntimeException e) {
      handle.channel.close();
      throw e;
    }
  }

  long size() throws IOException {
    return call(h -> h.channel.size());
  }

  /** One read; may be short. Returns -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException {
    int start = target.position();
    int limit = target.limit();
    if (!target.isDirect() && target.remaining() > HEAP_STEP) {
      target.limit(start + HEAP_STEP);
    }
    try {
      return call(
          h -> {
            target.position(start);
            return h.channel.read(target, position);
          });
    } finally {
      target.limit(limit);
    }
  }

  /**
   * Reads through a mapping as much as there is. Returns -1 at the end.
   *
   * @param until nothing from here on is mapped: the file may be cut there meanwhile
   */
  int readMapped(ByteBuffer target, long position, long until) throws IOException {
    int start = target.position();
    return call(
        h -> {
          target.position(start);
          long end = Math.min(until, h.channel.size());
          int length = (int) Math.min(target.remaining(), end - position);
          if (length <= 0) {
            return -1;
          }
          try (Mapping mapping = Mapping.of(h.channel, position, length)) {
            mapping.copyTo(target);
          }
          return length;
        });
  }

  /** Writes all of the buffer. */
  void write(ByteBuffer source, long position) throws IOException {
    int start = source.position();
    int limit = source.limit();
    try {
      while (source.position() < limit) {
        source.limit(source.isDirect() ? limit : Math.min(limit, source.position() + HEAP_STEP));
        call(h -> h.channel.write(source, position + (source.position() - start)));
      }
    } finally {
      source.limit(limit);
    }
  }

  /**
   * Puts data beyond a power cut, with as much of the rest as it takes to read them: the length if
   * that has changed, but not the time of the change. Where no length changes that is what spares a
   * journalling file system its journal.
   */
  void syncData() throws IOException {
    if (forcing == null) {
      throw new IOException("opened for reading only");
    }
    forcing.force(false);
  }

  /** Puts data, length and all else that belongs to the file beyond a power cut. */
  void sync() throws IOException {
    call(
        h -> {
          h.file().getFD().sync();
          return 0;
        });
  }

  void setLength(long size) throws IOException {
    call(
        h -> {
          h.file().setLength(size);
          return 0;
        });
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try (AsynchronousFileChannel open = forcing) {
      handle.channel.close();
    }
  }

  private <T> T call(Operation<T> operation) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int attempt = 1; ; attempt++) {
        Handle used = handle;
        try {
          if (!used.channel.isOpen()) {
            throw new ClosedChannelException();
          }
          return operation.on(used);
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
          giveUp(attempt, e);
        } catch (ClosedChannelException e) {
          giveUp(attempt, e);
        }
        replace(used);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveUp(int attempt, ClosedChannelException cause) throws ClosedChannelException {
    if (closed || attempt == MAX_ATTEMPTS) {
      throw cause;
    }
  }

  private synchronized void replace(Handle broken) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (handle == broken) {
      handle = Handle.open(path, mode);
    }
  }

  private interface Operation<T> {
    T on(Handle handle) throws IOException;
  }

  /** A channel, and the file that it belongs to where one is needed. */
  private record Handle(FileChannel channel, @Nullable RandomAccessFile writable) {

    static Handle open(Path path, Mode mode) throws IOException {
      switch (mode) {
        case WRITE:
          RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
          return new Handle(file.getChannel(), file);
        case READ_DIRECT:
          return new Handle(DirectIo.open(path), null);
        default:
          return new Handle(FileChannel.open(path, StandardOpenOption.READ), null);
      }
    }

    RandomAccessFile file() throws IOException {
      if (writable == null) {
        throw new IOException("opened for reading only");
      }
      return writable;
    }
  }
}
