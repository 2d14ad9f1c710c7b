package dev.larder.chunker.tensor;

import java.io.IOException;

/** Reads a stretch of a content from its start to its end, and nothing beyond. */
final class Cursor {

  private static final int MAX_VARINT_BYTES = 10;

  private final ContentView view;
  private final long end;
  private long at;

  Cursor(ContentView view, long start, long end) throws Malformed {
    if (start < 0 || end < start || end > view.limit()) {
      throw new Malformed("nothing from " + start + " to " + end);
    }
    this.view = view;
    this.at = start;
    this.end = end;
  }

  long at() {
    return at;
  }

  boolean hasRemaining() {
    return at < end;
  }

  int u8() throws IOException {
    return view.u8(step(1));
  }

  /** A number of 32 bits that must not be over 2^31 - 1. */
  int length32() throws IOException {
    int value = view.i32(step(Integer.BYTES));
    if (value < 0) {
      throw new Malformed("a length of " + Integer.toUnsignedString(value));
    }
    return value;
  }

  long i64() throws IOException {
    return view.i64(step(Long.BYTES));
  }

  /** A number of 64 bits from 0 to {@code most}. */
  long i64(long most) throws IOException {
    long value = i64();
    if (value < 0 || value > most) {
      throw new Malformed("a length of " + Long.toUnsignedString(value));
    }
    return value;
  }

  /** A number of 7 bits a byte, the lowest first, as Protocol Buffers have it. */
  long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      int next = u8();
      value |= (next & 0x7FL) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new Malformed("a number without an end");
  }

  /** What begins here and is so long; this one goes on behind it. */
  Cursor part(long length) throws Malformed {
    long start = step(length);
    return new Cursor(view, start, at);
  }

  void skip(long length) throws Malformed {
    step(length);
  }

  /** Reads all that is left as a text. */
  void rest(Text into) throws IOException {
    into.clear();
    while (hasRemaining()) {
      into.add(u8());
    }
  }

  private long step(long length) throws Malformed {
    if (length < 0 || length > end - at) {
      throw new Malformed(length + " bytes at " + at);
    }
    long start = at;
    at += length;
    return start;
  }
}
