package dev.larder.store.format;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Raw deflate (RFC 1951) of small metadata; its checksum is that of the record it lies in. */
final class Deflated {

  /** More is not believed, so that few bytes from a medium do not take much memory. */
  private static final int MOST_TIMES = 16;

  private Deflated() {}

  /** The bytes between position and limit, deflated. */
  static ByteBuffer of(ByteBuffer plain) {
    ByteBuffer deflated = of(plain, Deflater.DEFAULT_COMPRESSION);
    return believable(deflated, plain.remaining()) ? deflated : of(plain, Deflater.NO_COMPRESSION);
  }

  private static ByteBuffer of(ByteBuffer plain, int level) {
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(plain.duplicate());
      deflater.finish();
      ByteBuffer out = ByteBuffer.allocate(most(plain.remaining()));
      deflater.deflate(out);
      return out.flip();
    } finally {
      deflater.end();
    }
  }

  /** What cannot be deflated is stored in blocks of at least 8 KiB, each with 5 bytes in front. */
  private static int most(int plain) {
    return plain + plain / 1024 + 64;
  }

  private static boolean believable(ByteBuffer deflated, int length) {
    return length >= 0 && length <= (long) MOST_TIMES * deflated.remaining();
  }

  /**
   * What was deflated.
   *
   * @param length of it, as the medium says
   * @return null if it is not exactly that
   */
  static @Nullable ByteBuffer inflate(ByteBuffer deflated, int length) {
    if (!believable(deflated, length)) {
      return null;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(deflated.duplicate());
      ByteBuffer out = ByteBuffer.allocate(length + 1); // one more, to see that it ends there
      while (inflater.inflate(out) > 0) {
        // goes on
      }
      return inflater.finished() && out.position() == length ? out.flip() : null;
    } catch (DataFormatException e) {
      return null; // a valid checksum over nonsense: not written by Larder
    } finally {
      inflater.end();
    }
  }
}
