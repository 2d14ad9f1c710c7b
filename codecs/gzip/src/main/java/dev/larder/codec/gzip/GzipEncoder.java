package dev.larder.codec.gzip;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Writes gzip members. */
final class GzipEncoder implements BlockEncoder {

  private final Deflater deflater;
  private boolean closed;

  GzipEncoder(int level) {
    this.deflater = new Deflater(level, true);
  }

  @Override
  public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
    if (closed) {
      throw new IllegalStateException("the encoder is closed");
    }
    int start = target.position();
    int limit = target.limit();
    if (target.remaining() < GzipMember.OVERHEAD) {
      return DOES_NOT_FIT;
    }
    GzipMember.writeHeader(target);
    target.limit(limit - GzipMember.TRAILER_BYTES);
    boolean complete = deflate(source.duplicate(), target);
    target.limit(limit);
    if (!complete) {
      target.position(start);
      return DOES_NOT_FIT;
    }
    GzipMember.writeTrailer(target, GzipMember.trailer(source));
    return target.position() - start;
  }

  private boolean deflate(ByteBuffer block, ByteBuffer target) {
    deflater.reset();
    deflater.setInput(block);
    deflater.finish();
    while (!deflater.finished()) {
      if (!target.hasRemaining() || deflater.deflate(target) == 0) {
        return deflater.finished();
      }
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    deflater.end();
  }
}
