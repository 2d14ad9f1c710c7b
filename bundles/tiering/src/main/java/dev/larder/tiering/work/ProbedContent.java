package dev.larder.tiering.work;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.chunking.ContentProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A content whose first bytes have been looked at. They are given out again before the rest, so the
 * reader sees the whole.
 */
final class ProbedContent implements ReadableByteChannel {

  private static final int FIRST_STEP = 64 << 10;

  private final ReadableByteChannel channel;
  private final ByteBuffer head;
  private final Optional<SeekableByteChannel> source;
  private final long start;
  private ByteBuffer left;

  private ProbedContent(ReadableByteChannel channel, ByteBuffer head, long start) {
    this.channel = channel;
    this.head = head;
    this.left = head.duplicate();
    this.start = start;
    this.source =
        channel instanceof SeekableByteChannel seekable && start == 0
            ? Optional.of(seekable)
            : Optional.empty();
  }

  /** Reads the head; the buffer grows with the content, so small ones stay small. */
  static ProbedContent of(ReadableByteChannel channel, OptionalLong size) throws IOException {
    long start = channel instanceof SeekableByteChannel seekable ? seekable.position() : 0;
    long declared = size.orElse(FIRST_STEP);
    int first = (int) Math.max(1, Math.min(declared, ContentProbe.HEAD_BYTES));
    ByteBuffer head = ByteBuffer.allocate(first);
    while (channel.read(head) >= 0) {
      if (!head.hasRemaining()) {
        if (head.capacity() >= ContentProbe.HEAD_BYTES || isAll(head, size)) {
          break;
        }
        int next = Math.min(ContentProbe.HEAD_BYTES, Math.max(FIRST_STEP, head.capacity() * 2));
        head = ByteBuffer.allocate(next).put(head.flip());
      }
    }
    return new ProbedContent(channel, head.flip().asReadOnlyBuffer(), start);
  }

  private static boolean isAll(ByteBuffer head, OptionalLong size) {
    return size.isPresent() && size.getAsLong() == head.position();
  }

  ContentProbe probe(ArtifactKind kind, OptionalLong size) {
    return new ContentProbe(kind, size, head.asReadOnlyBuffer(), source);
  }

  /** Whether it can be read once more from its start. */
  boolean canRewind() {
    return channel instanceof SeekableByteChannel && channel.isOpen();
  }

  /** Back to the start. */
  void rewind() throws IOException {
    if (channel instanceof SeekableByteChannel seekable) {
      seekable.position(start + head.limit());
      left = head.duplicate();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!left.hasRemaining()) {
      return channel.read(target);
    }
    int length = Math.min(left.remaining(), target.remaining());
    target.put(left.slice(left.position(), length));
    left.position(left.position() + length);
    return length;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
