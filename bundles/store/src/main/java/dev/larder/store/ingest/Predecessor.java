package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.store.index.BlockList;
import dev.larder.store.read.BlockReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of the artifact that one is likely to resemble: which of them lies where a block of
 * the new one does. Bytes that were inserted or removed move all behind them; how far is learnt
 * from blocks that are the same in both. Thread-safe.
 */
final class Predecessor implements AutoCloseable {

  /** No more blocks are looked up by their content: memory, see {@link #byHash}. */
  private static final int MOST_BY_HASH = 64 << 10;

  private final BlockList blocks;
  private final Map<Digest, Integer> byHash = new HashMap<>();
  private final long grown;
  private final DeltaTools tools;
  private volatile long shift;
  private int reserved;
  private @Nullable Anchors anchors;

  /**
   * A predecessor.
   *
   * @param size of the new artifact, if known
   */
  Predecessor(BlockList blocks, OptionalLong size, DeltaTools tools) {
    this.blocks = blocks;
    this.tools = tools;
    for (int i = 0; i < Math.min(blocks.size(), MOST_BY_HASH); i++) {
      byHash.putIfAbsent(blocks.hash(i), i);
    }
    this.grown = size.isPresent() ? blocks.bytes() - size.getAsLong() : 0;
  }

  /** A block of the new artifact is known; if it is one of the predecessor's, the rest lies so. */
  void found(Digest hash, long position) {
    Integer index = byHash.get(hash);
    if (index != null) {
      shift = blocks.offset(index) - position;
    }
  }

  /**
   * The block that most likely resembles a new one: one of the same length at the place where it
   * was before, else the one that covers the middle of that place.
   *
   * @return null if nothing was there
   */
  @Nullable Digest like(long position, int length) {
    for (long moved : new long[] {shift, 0, grown}) {
      int index = at(position + moved);
      if (index >= 0
          && blocks.offset(index) == position + moved
          && blocks.length(index) == length) {
        return blocks.hash(index);
      }
    }
    int index = at(position + shift + length / 2);
    return index < 0 ? null : blocks.hash(index);
  }

  /**
   * Blocks that a new one has much in common with, wherever they are in the predecessor.
   *
   * @param bases for reading them
   */
  List<Digest> scattered(ByteBuffer block, BlockReader reader, BlockReader.Bases bases) {
    if (blocks.bytes() > Anchors.MOST_BYTES) {
      return List.of();
    }
    Anchors found;
    synchronized (this) {
      if (anchors == null) {
        reserved = tools.reserveAnchors(Anchors.wanted(blocks.bytes()));
        anchors = Anchors.of(blocks, reserved, reader, bases);
      }
      found = anchors;
    }
    return found.inCommonWith(block);
  }

  /** Index of the block that covers a place; -1 if none does. */
  private int at(long place) {
    if (place < 0 || place >= blocks.bytes()) {
      return -1;
    }
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks.offset(middle) <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  @Override
  public synchronized void close() {
    tools.releaseAnchors(reserved);
    reserved = 0;
    anchors = null;
  }
}
