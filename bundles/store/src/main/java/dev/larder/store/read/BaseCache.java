package dev.larder.store.read;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last decoded blocks that deltas stand on: where bytes have been moved, one block stands on
 * several, and its neighbours on some of them, too. Thread-safe.
 */
final class BaseCache {

  private static final int BYTES = 2 << 20;
  private static final int MOST_OF_ONE = BYTES / 8;

  private final Map<Digest, Entry> entries = new HashMap<>();
  private final ArrayDeque<Entry> oldestFirst = new ArrayDeque<>();
  private @Nullable ByteBuffer ring;
  private int next;

  private record Entry(Digest hash, int at, int length) {}

  /** Copies a block if it is here. */
  synchronized boolean get(Digest hash, ByteBuffer target) {
    Entry entry = entries.get(hash);
    if (entry == null || ring == null) {
      return false;
    }
    target.put(ring.slice(entry.at(), entry.length()));
    return true;
  }

  /** Keeps a copy of a block, in the place of the oldest ones. */
  synchronized void put(Digest hash, ByteBuffer plain) {
    int length = plain.remaining();
    if (length > MOST_OF_ONE || entries.containsKey(hash)) {
      return;
    }
    if (ring == null) {
      ring = ByteBuffer.allocateDirect(BYTES);
    }
    if (next + length > BYTES) {
      forget(next, BYTES);
      next = 0;
    }
    forget(next, next + length);
    ring.put(next, plain, plain.position(), length);
    Entry entry = new Entry(hash, next, length);
    entries.put(hash, entry);
    oldestFirst.addLast(entry);
    next += length;
  }

  /** The oldest ones are those behind the newest. */
  private void forget(int from, int to) {
    Entry oldest = oldestFirst.peekFirst();
    while (oldest != null && oldest.at() >= from && oldest.at() < to) {
      entries.remove(oldest.hash());
      oldestFirst.removeFirst();
      oldest = oldestFirst.peekFirst();
    }
  }
}
