package dev.larder.chunker.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes little-endian numbers; grows. */
final class Bytes {

  private ByteBuffer buffer = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int more = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      buffer = ByteBuffer.allocate(more).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
    }
    return buffer;
  }

  int at() {
    return buffer.position();
  }

  Bytes u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  Bytes u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  Bytes i32(int value) {
    room(4).putInt(value);
    return this;
  }

  Bytes i64(long value) {
    room(8).putLong(value);
    return this;
  }

  Bytes varint(long value) {
    long left = value;
    for (; left >>> 7 != 0; left >>>= 7) {
      u8((int) left & 0x7F | 0x80);
    }
    return u8((int) left);
  }

  Bytes bytes(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  Bytes text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  Bytes align(int alignment) {
    while (at() % alignment != 0) {
      u8(0);
    }
    return this;
  }

  /** A field of Protocol Buffers with a length. */
  Bytes field(int number, byte[] value) {
    return varint(number << 3 | 2).varint(value.length).bytes(value);
  }

  Bytes field(int number, Bytes value) {
    return field(number, value.toArray());
  }

  Bytes field(int number, long value) {
    return varint((long) number << 3).varint(value);
  }

  /** Lets the reference of a FlatBuffer at this place lead to what is written next. */
  void here(int reference) {
    buffer.putInt(reference, at() - reference);
  }

  byte[] toArray() {
    byte[] bytes = new byte[at()];
    buffer.get(0, bytes);
    return bytes;
  }
}
