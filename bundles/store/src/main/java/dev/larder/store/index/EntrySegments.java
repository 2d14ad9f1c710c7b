package dev.larder.store.index;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of a fixed size in buffers off the heap of about 1 MiB. The first one begins small, on
 * the heap, so that a small volume costs little.
 */
final class EntrySegments {

  /** Length of an entry: hash, two words, checksum, offset, pack. */
  static final int ENTRY_BYTES = 52;

  private static final int PER_SEGMENT = 1 << 14;

  private final List<ByteBuffer> segments = new ArrayList<>();
  private int firstCapacity = 64;
  private int size;

  EntrySegments() {
    segments.add(ByteBuffer.allocate(firstCapacity * ENTRY_BYTES));
  }

  int size() {
    return size;
  }

  long bytes() {
    return ((long) firstCapacity + (long) (segments.size() - 1) * PER_SEGMENT) * ENTRY_BYTES;
  }

  int add() {
    if (size == firstCapacity && firstCapacity < PER_SEGMENT) {
      firstCapacity *= 2;
      int bytes = firstCapacity * ENTRY_BYTES;
      ByteBuffer larger =
          bytes <= 64 << 10 ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
      larger.put(segments.get(0).clear()).clear();
      segments.set(0, larger);
    } else if (size == segments.size() * PER_SEGMENT) {
      segments.add(ByteBuffer.allocateDirect(PER_SEGMENT * ENTRY_BYTES));
    }
    return size++;
  }

  private ByteBuffer segment(int entry) {
    return segments.get(entry / PER_SEGMENT);
  }

  private static int at(int entry, int field) {
    return entry % PER_SEGMENT * ENTRY_BYTES + field;
  }

  int getInt(int entry, int field) {
    return segment(entry).getInt(at(entry, field));
  }

  long getLong(int entry, int field) {
    return segment(entry).getLong(at(entry, field));
  }

  void putInt(int entry, int field, int value) {
    segment(entry).putInt(at(entry, field), value);
  }

  void putHash(int entry, Digest hash) {
    ByteBuffer segment = segment(entry);
    int at = at(entry, 0);
    segment.putLong(at, hash.a()).putLong(at + 8, hash.b());
    segment.putLong(at + 16, hash.c()).putLong(at + 24, hash.d());
  }

  Digest hash(int entry) {
    ByteBuffer segment = segment(entry);
    int at = at(entry, 0);
    return new Digest(
        segment.getLong(at),
        segment.getLong(at + 8),
        segment.getLong(at + 16),
        segment.getLong(at + 24));
  }

  boolean matches(int entry, Digest hash) {
    ByteBuffer segment = segment(entry);
    int at = at(entry, 0);
    return segment.getLong(at) == hash.a()
        && segment.getLong(at + 8) == hash.b()
        && segment.getLong(at + 16) == hash.c()
        && segment.getLong(at + 24) == hash.d();
  }
}
