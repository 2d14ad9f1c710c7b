package dev.larder.store.index;

import dev.larder.api.Digest;
import dev.larder.store.format.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of an artifact in order: hash and end, 36 bytes each, in segments. One thread adds;
 * others may read what was added before under a lock of theirs.
 */
public final class BlockList {

  private static final int PER_SEGMENT = 512;
  private static final int ENTRY = Layout.MANIFEST_BLOCK_BYTES;

  private final List<ByteBuffer> segments = new ArrayList<>();
  private final List<Long> bases = new ArrayList<>();
  private int size;
  private long bytes;

  /** Adds a block. */
  public void add(Digest hash, int length) {
    ByteBuffer segment = room();
    hash.write(segment);
    bytes += length;
    segment.putInt((int) (bytes - bases.get(bases.size() - 1)));
    size++;
  }

  private ByteBuffer room() {
    if (size == segments.size() * PER_SEGMENT) {
      segments.add(ByteBuffer.allocate((segments.isEmpty() ? 4 : PER_SEGMENT) * ENTRY));
      bases.add(bytes);
    }
    int last = segments.size() - 1;
    ByteBuffer segment = segments.get(last);
    if (!segment.hasRemaining()) {
      int larger = Math.min(PER_SEGMENT * ENTRY, segment.capacity() * 8);
      segment = ByteBuffer.allocate(larger).put(segment.flip());
      segments.set(last, segment);
    }
    return segment;
  }

  /** How many blocks. */
  public int size() {
    return size;
  }

  /** Bytes of all blocks. */
  public long bytes() {
    return bytes;
  }

  /** Hash of a block. */
  public Digest hash(int index) {
    check(index);
    return Digest.read(
        segments.get(index / PER_SEGMENT).slice(index % PER_SEGMENT * ENTRY, Digest.LENGTH));
  }

  /** Where a block ends within the artifact. */
  private long end(int index) {
    int at = index % PER_SEGMENT * ENTRY + Digest.LENGTH;
    return bases.get(index / PER_SEGMENT) + segments.get(index / PER_SEGMENT).getInt(at);
  }

  /** Where a block begins within the artifact. */
  public long offset(int index) {
    check(index);
    return index == 0 ? 0 : end(index - 1);
  }

  /** Length of a block. */
  public int length(int index) {
    return (int) (end(index) - offset(index));
  }

  private void check(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("block " + index + " of " + size);
    }
  }
}
