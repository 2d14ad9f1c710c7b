package dev.larder.chunker.tensor;

import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;

/**
 * Cuts along the tensors of a content. It looks at no bytes: a content that turns out to be another
 * is cut all the same, only less well.
 *
 * <p>Part of the format, as other cuts would not find stored blocks again:
 *
 * <ul>
 *   <li>a tensor of 4 KiB or more is cut into whole blocks from its start, the last one shorter;
 *   <li>smaller ones are cut together with their neighbours, up to a block; a group that has a
 *       quarter of a block ends before the first tensor whose mark says so, so that another tensor
 *       among them changes one or two groups;
 *   <li>up to 511 bytes between tensors belong to the group beside them, if there is one;
 *   <li>all else is cut into whole blocks of its own.
 * </ul>
 */
final class TensorCutter implements BlockCutter {

  /** From here on a tensor has blocks of its own. */
  private static final int LARGE_BYTES = 4 << 10;

  /** From here on what lies between tensors has blocks of its own. */
  private static final int LARGE_GAP_BYTES = 512;

  /** One mark in 8 ends a group. */
  private static final int MARK_BITS = 3;

  private final TensorMap map;
  private final int block;

  private long at;

  /** The first tensor that ends behind {@link #at}. */
  private int next;

  TensorCutter(TensorMap map, int block) {
    this.map = map;
    this.block = block;
  }

  @Override
  public int maxBlockBytes() {
    return block;
  }

  @Override
  public String parameters() {
    return BlockSize.text(block);
  }

  @Override
  public Cut next(ByteBuffer window, boolean last) {
    while (next < map.count() && map.end(next) <= at) {
      next++;
    }
    long end = end();
    int length = (int) Math.min(end - at, window.remaining());
    Cut cut = new Cut(length, annotation(at + length));
    at += length;
    return cut;
  }

  /** Where the next block ends, if the content is as long. */
  private long end() {
    long most = at + block;
    if (next == map.count()) {
      return most;
    }
    long start = map.start(next);
    if (at > start || (at == start && isLarge(next))) {
      return Math.min(most, map.end(next));
    }
    if (at < start && (isLarge(next) || !isJoined(next) || map.end(next) > most)) {
      return Math.min(most, start);
    }
    return groupEnd(most);
  }

  private boolean isLarge(int i) {
    return map.length(i) >= LARGE_BYTES;
  }

  /** Whether so little lies before a tensor that it may share a block with it. */
  private boolean isJoined(int i) {
    return i > 0 && map.start(i) - map.end(i - 1) < LARGE_GAP_BYTES;
  }

  /** The end of a group that begins with the next tensor, or with what lies before it. */
  private long groupEnd(long most) {
    int i = next + 1;
    for (; i < map.count() && isJoined(i); i++) {
      long start = map.start(i);
      if (isLarge(i) || (start - at >= block >> 2 && endsGroup(i))) {
        return start <= most ? start : map.end(i - 1);
      }
      if (map.end(i) > most) {
        break;
      }
    }
    return map.end(i - 1);
  }

  private boolean endsGroup(int i) {
    int mixed = (map.mark(i) ^ (int) map.length(i)) * 0x9E3779B9;
    return mixed >>> (Integer.SIZE - MARK_BITS) == 0;
  }

  /** What is in the block from {@link #at} to its end. */
  private BlockAnnotation annotation(long end) {
    int first = next;
    if (first == map.count() || map.start(first) >= end) {
      return BlockAnnotation.NONE;
    }
    ElementType type = map.type(first);
    int phase = phase(first, type.bytes());
    int i = first + 1;
    for (; i < map.count() && map.start(i) < end; i++) {
      if (!map.type(i).equals(type) || phase(i, type.bytes()) != phase) {
        return BlockAnnotation.NONE;
      }
    }
    return new BlockAnnotation(
        type.bytes(), phase, i == first + 1 ? map.name(first) : "", type.name());
  }

  /** Bytes from {@link #at} to the start of an element. */
  private int phase(int i, int elementBytes) {
    return elementBytes == 0 ? 0 : (int) Math.floorMod(map.start(i) - at, (long) elementBytes);
  }
}
