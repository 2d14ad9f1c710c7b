package dev.larder.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/** A stored artifact, open for reading. While it is open its blocks are kept. */
public interface StoredContent extends Closeable {

  /** Digest of the whole content. */
  Digest digest();

  /** Size of the whole content. */
  long size();

  /**
   * Reads a range in order. Every block's checksum is checked before its bytes are given out; a
   * damaged block is read from another replica.
   *
   * @param offset first byte, 0 to {@link #size()}
   * @param length how many; at most to the end
   */
  ReadableByteChannel read(long offset, long length) throws IOException;
}
