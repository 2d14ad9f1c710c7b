package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.BlockSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of the RAM cache that is being written, by any number of threads at once. It is written
 * through a channel and not mapped, so that a full tmpfs is an error and not a signal. None of its
 * threads may be interrupted: that would close the channel for all.
 */
public final class RamFile implements BlockSink {

  private final Digest digest;
  private final long size;
  private final Path path;
  private final FileChannel channel;
  private final AtomicLong written = new AtomicLong();

  RamFile(Digest digest, long size, Path path, FileChannel channel) {
    this.digest = digest;
    this.size = size;
    this.path = path;
    this.channel = channel;
  }

  /** Digest of what it is to become. */
  public Digest digest() {
    return digest;
  }

  /** Bytes that it is to have. */
  public long size() {
    return size;
  }

  /** Bytes written so far. */
  public long written() {
    return written.get();
  }

  /**
   * Writes some bytes.
   *
   * @throws LarderException {@code RAM_FULL} if there is no room left
   */
  @Override
  public void accept(long offset, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (offset < 0 || offset > size - length) {
      throw new LarderException(
          ErrorCode.INTERNAL,
          "a block of "
              + length
              + " bytes at "
              + offset
              + " lies outside artifact "
              + digest
              + " of "
              + size
              + " bytes",
          "");
    }
    try {
      long position = offset;
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    } catch (IOException e) {
      throw RamFolder.typed(
          e, written + " of " + size + " bytes of " + digest + " fitted into " + path.getParent());
    }
    written.addAndGet(length);
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }
}
