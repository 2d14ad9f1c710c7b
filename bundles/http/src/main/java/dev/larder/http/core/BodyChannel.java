package dev.larder.http.core;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are arriving. Ends well only if all have come: a body that is cut off, or whose digest
 * is not the one that was announced, fails at its end with {@code BODY_INCOMPLETE}. Used by one
 * thread.
 */
final class BodyChannel implements ReadableByteChannel {

  private static final int CHUNK = 64 * 1024;

  private final InputStream in;
  private final OptionalLong size;
  private final Optional<Digest> expected;
  private final @Nullable MessageDigest sha256;
  private byte @Nullable [] chunk;
  private long received;
  private boolean ended;
  private boolean open = true;

  /**
   * A channel.
   *
   * @param in where the bytes come from; not closed here
   * @param size how many are to come; to the end of the stream if empty
   * @param expected digest of all
   */
  BodyChannel(InputStream in, OptionalLong size, Optional<Digest> expected) {
    this.in = in;
    this.size = size;
    this.expected = expected;
    this.sha256 = expected.isPresent() ? sha256() : null;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether all bytes were read. */
  boolean ended() {
    return ended;
  }

  /** How many bytes were read. */
  long received() {
    return received;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    long left = size.isPresent() ? size.getAsLong() - received : Long.MAX_VALUE;
    if (ended || left == 0) {
      return end();
    }
    int wanted = (int) Math.min(target.remaining(), left);
    int count = target.hasArray() ? readInto(target, wanted) : readThrough(target, wanted);
    if (count < 0) {
      if (size.isPresent()) {
        throw incomplete("the body ended after " + received + " of " + size.getAsLong() + " bytes");
      }
      return end();
    }
    received += count;
    return count;
  }

  private int readInto(ByteBuffer target, int wanted) throws IOException {
    int offset = target.arrayOffset() + target.position();
    int count = receive(target.array(), offset, wanted);
    if (count > 0) {
      target.position(target.position() + count);
    }
    return count;
  }

  private int readThrough(ByteBuffer target, int wanted) throws IOException {
    byte[] buffer = chunk;
    if (buffer == null) {
      buffer = new byte[CHUNK];
      chunk = buffer;
    }
    int count = receive(buffer, 0, Math.min(wanted, buffer.length));
    if (count > 0) {
      target.put(buffer, 0, count);
    }
    return count;
  }

  private int receive(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(buffer, offset, length);
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.BODY_INCOMPLETE,
          "the body was cut off after " + received + " bytes",
          "nothing was stored; send it again",
          e);
    }
    if (count > 0 && sha256 != null) {
      sha256.update(buffer, offset, count);
    }
    return count;
  }

  private int end() throws LarderException {
    if (!ended && sha256 != null && expected.isPresent()) {
      Digest actual = Digest.of(sha256.digest());
      if (!actual.equals(expected.get())) {
        throw incomplete("the body has digest " + actual + ", not " + expected.get());
      }
    }
    ended = true;
    return -1;
  }

  private static LarderException incomplete(String what) {
    return new LarderException(
        ErrorCode.BODY_INCOMPLETE, what, "nothing was stored; send it again");
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
