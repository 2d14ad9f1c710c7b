package dev.larder.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A SHA-256 value: the name of an artifact's or a block's content. Written as 64 lower-case hex
 * digits. Immutable and small (four longs), because many are held at once.
 */
public record Digest(long a, long b, long c, long d) implements Comparable<Digest> {

  /** Length in bytes. */
  public static final int LENGTH = 32;

  /** Reads a digest from 32 bytes. */
  public static Digest of(byte[] sha256) {
    if (sha256.length != LENGTH) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + sha256.length);
    }
    return read(ByteBuffer.wrap(sha256));
  }

  /** Reads 32 bytes at the buffer's position, which moves behind them. */
  public static Digest read(ByteBuffer buffer) {
    ByteBuffer in = buffer.slice().order(ByteOrder.BIG_ENDIAN);
    Digest digest = new Digest(in.getLong(0), in.getLong(8), in.getLong(16), in.getLong(24));
    buffer.position(buffer.position() + LENGTH);
    return digest;
  }

  /**
   * Reads 64 hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Digest parse(String hex) {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException(
          "not a SHA-256 digest of 64 lower-case hex digits: " + hex);
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /** Tells whether a text is 64 lower-case hex digits. */
  public static boolean isDigest(String text) {
    return text.length() == 2 * LENGTH
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** Writes 32 bytes at the buffer's position, which moves behind them. */
  public void write(ByteBuffer buffer) {
    ByteOrder order = buffer.order();
    buffer.order(ByteOrder.BIG_ENDIAN).putLong(a).putLong(b).putLong(c).putLong(d).order(order);
  }

  /** The 32 bytes. */
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    write(bytes);
    return bytes.array();
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    if (order == 0) {
      order = Long.compareUnsigned(c, other.c);
    }
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  @Override
  public int hashCode() {
    return (int) (a ^ (a >>> 32)); // the digest is uniform already
  }

  /** 64 lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
