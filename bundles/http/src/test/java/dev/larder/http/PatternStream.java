package dev.larder.http;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.io.InputStream;

/** A content of any size in which each byte follows from its place. */
final class PatternStream extends InputStream {

  private final long end;
  private final long failAt;
  private long offset;

  /**
   * A stream.
   *
   * @param failAt where reading fails; never if negative
   */
  PatternStream(long from, long length, long failAt) {
    this.offset = from;
    this.end = from + length;
    this.failAt = failAt;
  }

  static byte at(long offset) {
    return (byte) (offset * 31 + (offset >>> 13));
  }

  @Override
  public int read() throws IOException {
    if (failAt >= 0 && offset >= failAt) {
      throw new LarderException(ErrorCode.CORRUPT, "block 7 is bad", "scrub");
    }
    return offset == end ? -1 : at(offset++) & 0xFF;
  }

  @Override
  public int read(byte[] target, int start, int count) throws IOException {
    int first = read();
    if (first < 0) {
      return -1;
    }
    target[start] = (byte) first;
    int n = 1;
    while (n < count && offset < end && (failAt < 0 || offset < failAt)) {
      target[start + n++] = at(offset++);
    }
    return n;
  }
}
