package dev.larder.store.ingest;

import dev.larder.store.read.BlockReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;

/**
 * What it takes to write a delta: buffers for what it stands on and for itself, up to two MiB.
 * There are as many as can be of use, however many puts are under way. Thread-safe.
 */
final class DeltaTools {

  /** Of all puts together: 12 MiB, see {@link Anchors#wanted}. */
  private static final int MOST_ANCHORS = 512 << 10;

  private static final int MOST_ANCHORS_OF_ONE = 256 << 10;
  private static final int FEWEST_ANCHORS = 4 << 10;

  private final BlockReader blocks;
  private final Semaphore free;
  private final ArrayDeque<Tool> idle = new ArrayDeque<>();
  private int freeAnchors = MOST_ANCHORS; // guarded by idle; below 0 if each has but the fewest

  DeltaTools(BlockReader blocks, int most) {
    this.blocks = blocks;
    this.free = new Semaphore(most);
  }

  /** For one thread, until it is closed. */
  final class Tool implements AutoCloseable {
    private final BlockReader.Bases bases = blocks.bases();
    private ByteBuffer delta = ByteBuffer.allocate(0);

    private Tool() {}

    BlockReader.Bases bases() {
      return bases;
    }

    /** An empty buffer for a stored form. */
    ByteBuffer delta(int bytes) {
      if (delta.capacity() < bytes) {
        delta = ByteBuffer.allocateDirect(Math.max(64 << 10, bytes));
      }
      return delta.clear().limit(bytes);
    }

    @Override
    public void close() {
      synchronized (idle) {
        idle.addLast(this);
      }
      free.release();
    }
  }

  /**
   * Room for anchors.
   *
   * @return how many there may be: fewer than wanted where much else is under way
   */
  int reserveAnchors(int wanted) {
    int most = Math.min(wanted, MOST_ANCHORS_OF_ONE);
    synchronized (idle) {
      int granted = Math.max(Math.min(most, FEWEST_ANCHORS), Math.min(most, freeAnchors));
      freeAnchors -= granted;
      return granted;
    }
  }

  /** Gives room back. */
  void releaseAnchors(int reserved) {
    synchronized (idle) {
      freeAnchors += reserved;
    }
  }

  /** Waits for one; who has one waits for nothing but the medium. */
  Tool acquire() {
    free.acquireUninterruptibly();
    synchronized (idle) {
      Tool tool = idle.pollLast();
      return tool == null ? new Tool() : tool;
    }
  }
}
