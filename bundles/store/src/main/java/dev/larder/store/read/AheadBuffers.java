package dev.larder.store.read;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What all ordered reads of a volume read ahead into: bounded in total, so that many slow readers
 * take no more memory than a few. Thread-safe.
 */
final class AheadBuffers {

  /** Length of each. */
  static final int BYTES = 512 << 10;

  private static final int MOST = 12;

  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private int made;

  /** A buffer, if there is one left. */
  synchronized @Nullable ByteBuffer tryAcquire() {
    ByteBuffer buffer = free.poll();
    if (buffer == null && made < MOST) {
      made++;
      buffer = ByteBuffer.allocateDirect(BYTES);
    }
    return buffer;
  }

  synchronized void release(ByteBuffer buffer) {
    free.push(buffer);
  }
}
