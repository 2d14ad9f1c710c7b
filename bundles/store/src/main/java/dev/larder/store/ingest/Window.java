package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.pack.Run;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of an artifact: its bytes, and beside them the encoded forms of its blocks, each at the
 * offset of its block. Both buffers have room for a record's header in front.
 */
final class Window {

  /** A block of the window and what the workers found out about it. */
  static final class Block {
    final int start;
    final int length;
    final BlockAnnotation annotation;

    /** Bytes of the artifact before it. */
    final long position;

    volatile @Nullable Digest hash;

    /** Null as long as it is not known to be needed. */
    volatile @Nullable StoredBlock form;

    /** The form that the volume has; null if it had none when a worker looked. */
    volatile @Nullable StoredBlock known;

    /** All that the form, or the one that is known, stands on, if it does not stand alone. */
    volatile List<Digest> standsOn = List.of();

    Block(int start, long position, int length, BlockAnnotation annotation) {
      this.start = start;
      this.position = position;
      this.length = length;
      this.annotation = annotation;
    }
  }

  private final int payload;
  private final ByteBuffer raw;
  private @Nullable ByteBuffer encoded;
  private List<Block> blocks = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private int filled;
  private int cut;

  Window(int payload) {
    this.payload = payload;
    this.raw = ByteBuffer.allocateDirect(Run.HEAD_ROOM + payload);
  }

  /** Memory that both buffers take. */
  static long cost(int payload) {
    return 2L * (Run.HEAD_ROOM + payload);
  }

  int payload() {
    return payload;
  }

  /** Begins anew with the bytes that another one, or this one, had left over. */
  void begin(Window previous) {
    int left = previous.filled - previous.cut;
    raw.clear();
    raw.put(Run.HEAD_ROOM, previous.raw, previous.cut, left);
    reset(Run.HEAD_ROOM + left);
  }

  void begin() {
    reset(Run.HEAD_ROOM);
  }

  private void reset(int end) {
    blocks = new ArrayList<>(); // a job that comes late may still look at the old ones
    filled = end;
    cut = Run.HEAD_ROOM;
  }

  /** The buffer, to be filled from where it ends. */
  ByteBuffer toFill() {
    return raw.clear().position(filled);
  }

  void filledTo(int position) {
    filled = position;
  }

  /** What is not cut yet. */
  ByteBuffer uncut() {
    return raw.slice(cut, filled - cut);
  }

  int uncutBytes() {
    return filled - cut;
  }

  void addBlock(long position, int length, BlockAnnotation annotation) {
    blocks.add(new Block(cut, position, length, annotation));
    cut += length;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** All that was cut. */
  ByteBuffer cutBytes() {
    return raw.slice(Run.HEAD_ROOM, cut - Run.HEAD_ROOM);
  }

  ByteBuffer bytes(Block block) {
    return raw.slice(block.start, block.length);
  }

  /** Where a block's encoded form goes. */
  ByteBuffer encodedBytes(Block block, int length) {
    return encoded().slice(block.start, length);
  }

  ByteBuffer raw() {
    return raw;
  }

  synchronized ByteBuffer encoded() {
    ByteBuffer buffer = encoded;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(raw.capacity());
      encoded = buffer;
    }
    return buffer;
  }

  /**
   * The blocks are ready for the workers: one step for each and one for the digest of the whole.
   * Jobs hold on to what is returned and not to the window, which is filled anew as soon as the
   * last step is done, while a job that found nothing to do may not even have begun.
   */
  Steps dispatched() {
    open.set(blocks.size() + 1);
    return new Steps(blocks);
  }

  /** Gives each block out once. */
  static final class Steps {
    private final List<Block> blocks;
    private final AtomicInteger next = new AtomicInteger();

    private Steps(List<Block> blocks) {
      this.blocks = blocks;
    }

    /** The next block that nobody works on; null if there is none. */
    @Nullable Block take() {
      int index = next.getAndIncrement();
      return index < blocks.size() ? blocks.get(index) : null;
    }
  }

  void oneDone() {
    open.decrementAndGet();
  }

  boolean done() {
    return open.get() == 0;
  }
}
