package dev.larder.chunker.tensor;

import java.util.Arrays;

/** A name while it is being read, UTF-8, at most 64 KiB; used again for the next one. */
final class Text {

  private static final int MAX_BYTES = 64 << 10;
  private static final int FIRST_BYTES = 64;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  void clear() {
    length = 0;
  }

  void add(int oneByte) throws Malformed {
    if (length == bytes.length) {
      if (length >= MAX_BYTES) {
        throw new Malformed("a name of more than 64 KiB");
      }
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = (byte) oneByte;
  }

  void set(Text other) {
    if (bytes.length < other.length) {
      bytes = new byte[other.bytes.length];
    }
    System.arraycopy(other.bytes, 0, bytes, 0, other.length);
    length = other.length;
  }

  int length() {
    return length;
  }

  byte get(int index) {
    return bytes[index];
  }

  void copy(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, length);
  }

  /** Whether it reads so; ASCII. */
  boolean is(String ascii) {
    if (length != ascii.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** What it reads like, one character for each byte. */
  String ascii() {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (bytes[i] & 0xFF));
    }
    return text.toString();
  }

  /** The same for the same bytes, today and in later versions: cuts depend on it (FNV-1a). */
  int mark() {
    int hash = 0x811C9DC5;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * 0x01000193;
    }
    return hash;
  }
}
