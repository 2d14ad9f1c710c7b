package dev.larder.chunker.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the tensors of a content lie: ranges in ascending order, none empty, none over another.
 * Immutable. About 28 bytes each, and the name.
 */
final class TensorMap {

  /** A content with more tensors is not recognised. */
  static final int MAX_TENSORS = 100_000;

  static final TensorMap EMPTY = new TensorMap(new Builder(), new int[0]);

  private final long[] offsets;
  private final long[] lengths;
  private final int[] marks;
  private final int[] names;
  private final ElementType[] types;
  private final byte[] text;

  private TensorMap(Builder builder, int[] order) {
    offsets = new long[order.length];
    lengths = new long[order.length];
    marks = new int[order.length];
    names = new int[order.length];
    types = new ElementType[order.length];
    for (int i = 0; i < order.length; i++) {
      offsets[i] = builder.offsets[order[i]];
      lengths[i] = builder.lengths[order[i]];
      marks[i] = builder.marks[order[i]];
      names[i] = builder.names[order[i]];
      types[i] = builder.types[order[i]];
    }
    text = builder.text;
  }

  int count() {
    return offsets.length;
  }

  long start(int i) {
    return offsets[i];
  }

  long end(int i) {
    return offsets[i] + lengths[i];
  }

  long length(int i) {
    return lengths[i];
  }

  /** A number that depends on what the tensor is, and not on where it lies. */
  int mark(int i) {
    return marks[i];
  }

  ElementType type(int i) {
    return types[i];
  }

  /** Its name; empty if it has none, or one that was too long to keep. */
  String name(int i) {
    int at = names[i];
    return new String(text, at + 1, text[at] & 0xFF, StandardCharsets.UTF_8);
  }

  /** Bytes of all tensors. */
  long bytes() {
    return Arrays.stream(lengths).sum();
  }

  /** Collects ranges in any order. */
  static final class Builder {

    /** Names are for people and reports: they may not fill the heap. */
    private static final int MAX_TEXT_BYTES = 2 << 20;

    private static final int MAX_NAME_BYTES = 255;
    private static final int FIRST = 16;

    private long[] offsets = new long[FIRST];
    private long[] lengths = new long[FIRST];
    private int[] marks = new int[FIRST];
    private int[] names = new int[FIRST];
    private ElementType[] types = new ElementType[FIRST];
    private int count;

    /** Names, each behind its length in a byte; the first is the empty one. */
    private byte[] text = new byte[FIRST];

    private int textEnd = 1;

    /**
     * Adds a tensor; an empty one is left out.
     *
     * @param mark depends on what it is, and not on where it lies
     */
    void add(long offset, long length, ElementType type, Text name, int mark) throws Malformed {
      if (length == 0) {
        return;
      }
      if (offset < 0 || length < 0 || offset > ContentView.MAX_BYTES - length) {
        throw new Malformed("a tensor at " + offset + " of " + length + " bytes");
      }
      if (count == MAX_TENSORS) {
        throw new Malformed("more than " + MAX_TENSORS + " tensors");
      }
      if (count == offsets.length) {
        grow();
      }
      offsets[count] = offset;
      lengths[count] = length;
      types[count] = type;
      marks[count] = mark;
      names[count] = keep(name);
      count++;
    }

    private void grow() {
      int next = count * 2;
      offsets = Arrays.copyOf(offsets, next);
      lengths = Arrays.copyOf(lengths, next);
      marks = Arrays.copyOf(marks, next);
      names = Arrays.copyOf(names, next);
      types = Arrays.copyOf(types, next);
    }

    private int keep(Text name) {
      int end = textEnd + 1 + name.length();
      if (name.length() == 0 || name.length() > MAX_NAME_BYTES || end > MAX_TEXT_BYTES) {
        return 0;
      }
      if (end > text.length) {
        text = Arrays.copyOf(text, Math.max(end, text.length * 2));
      }
      int at = textEnd;
      text[at] = (byte) name.length();
      name.copy(text, at + 1);
      textEnd = end;
      return at;
    }

    /**
     * The map.
     *
     * @param base of all offsets
     * @param limit where the content ends
     * @param alignment up to which bytes that fill a tensor up belong to it; a power of two
     * @throws Malformed if there is no tensor, or one reaches over another or beyond the content
     */
    TensorMap build(long base, long limit, int alignment) throws Malformed {
      long[] keys = new long[count];
      for (int i = 0; i < count; i++) {
        offsets[i] += base;
        keys[i] = offsets[i] * MAX_TENSORS + i; // 2^46 times 100,000 is less than 2^63
      }
      Arrays.sort(keys);
      int[] order = new int[count];
      int kept = 0;
      long end = 0;
      for (long key : keys) {
        int next = (int) (key % MAX_TENSORS);
        if (kept > 0 && isSame(order[kept - 1], next)) {
          continue; // two names for one buffer
        }
        if (offsets[next] < end || lengths[next] > limit - offsets[next]) {
          throw new Malformed("a tensor over another, or beyond the end");
        }
        long filled = (lengths[next] + alignment - 1) & -alignment;
        lengths[next] = Math.min(filled, limit - offsets[next]);
        end = offsets[next] + lengths[next];
        order[kept++] = next;
      }
      if (kept == 0) {
        throw new Malformed("no tensors");
      }
      return new TensorMap(this, Arrays.copyOf(order, kept));
    }

    private boolean isSame(int one, int other) {
      return offsets[one] == offsets[other] && lengths[one] == lengths[other];
    }
  }
}
