package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.store.Lane;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the extents that a volume reads or decodes at once, and the memory for them. How many of
 * them are being read is for {@link dev.larder.store.io.IoScheduler} to say. Thread-safe.
 */
final class ReadSlots {

  private final ArrayDeque<Slot> free = new ArrayDeque<>();
  private final int most;
  private int made;

  ReadSlots(int most) {
    this.most = most;
  }

  /** The buffers of one read, and what it is for. */
  static final class Slot {
    private Lane lane;
    private @Nullable ByteBuffer extent;
    private @Nullable ByteBuffer block;
    private @Nullable ByteBuffer base;
    private @Nullable ByteBuffer plainBase;
    private @Nullable ByteBuffer joined;
    private @Nullable ByteBuffer encoded;
    private @Nullable Digest lastBase;
    private @Nullable ByteBuffer lastPlain;
    private long basesRead;

    Slot(Lane lane) {
      this.lane = lane;
    }

    /** What reads into it are for. */
    Lane lane() {
      return lane;
    }

    /** For stored bytes; its address, and any multiple behind it, is aligned. */
    ByteBuffer extent(int bytes, int alignment) {
      ByteBuffer buffer = extent;
      if (buffer == null || buffer.capacity() < bytes) {
        buffer = ByteBuffer.allocateDirect(bytes + alignment).alignedSlice(alignment);
        extent = buffer;
      }
      return buffer.clear().limit(bytes);
    }

    /** For one decoded block. */
    ByteBuffer block(int bytes) {
      block = grown(block, bytes);
      return block.clear().limit(bytes);
    }

    /** For blocks that a delta stands on. */
    ByteBuffer base(int bytes) {
      lastBase = null;
      base = grown(base, bytes);
      return base.clear().limit(bytes);
    }

    /** For several blocks that a delta stands on; what is in it stays as it grows. */
    ByteBuffer joined(int filled, int bytes) {
      ByteBuffer before = joined;
      joined = grown(before, filled + bytes);
      if (before != null && before != joined) {
        joined.put(0, before, 0, filled);
      }
      return joined.clear().position(filled);
    }

    /** For the block itself that a delta stands on. */
    ByteBuffer plainBase(int bytes) {
      lastBase = null;
      plainBase = grown(plainBase, bytes);
      return plainBase.clear().limit(bytes);
    }

    /** For a block that is encoded anew. */
    ByteBuffer encoded(int bytes) {
      encoded = grown(encoded, bytes);
      return encoded.clear().limit(bytes);
    }

    /** Notes what lies in the buffers for bases, until they are used again. */
    ByteBuffer isBase(Digest hash, ByteBuffer plain) {
      lastBase = hash;
      lastPlain = plain.slice();
      return plain;
    }

    /** The block that was noted, if it is this one. */
    @Nullable ByteBuffer lastBase(Digest hash) {
      ByteBuffer plain = lastPlain;
      return plain != null && hash.equals(lastBase) ? plain.duplicate() : null;
    }

    /** Counts the stored form of something that a block stands on. */
    void baseRead(int bytes) {
      basesRead += bytes;
    }

    /** What was counted since the last time. */
    long takeBasesRead() {
      long bytes = basesRead;
      basesRead = 0;
      return bytes;
    }

    private static ByteBuffer grown(@Nullable ByteBuffer buffer, int bytes) {
      return buffer == null || buffer.capacity() < bytes
          ? ByteBuffer.allocateDirect(Math.max(64 << 10, bytes))
          : buffer;
    }
  }

  synchronized Slot acquire(Lane lane) {
    boolean interrupted = false;
    while (free.isEmpty() && made >= most) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // reads under way end soon
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Slot slot = free.pollLast();
    if (slot == null) {
      made++;
      return new Slot(lane);
    }
    slot.lane = lane;
    return slot;
  }

  /** Of one whose read hangs: it is never used again. */
  synchronized void discard() {
    made--;
    notify();
  }

  synchronized void release(Slot slot) {
    slot.takeBasesRead(); // of a read that has failed
    free.addLast(slot);
    notify();
  }
}
