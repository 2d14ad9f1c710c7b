package dev.larder.codec.gzip;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads gzip members: exactly one, with the header that the encoder writes. */
final class GzipDecoder implements BlockDecoder {

  private final Inflater inflater = new Inflater(true);
  private final ByteBuffer beyond = ByteBuffer.allocate(1);
  private boolean closed;

  @Override
  public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
      throws MalformedBlockException {
    if (closed) {
      throw new IllegalStateException("the decoder is closed");
    }
    if (!GzipMember.startsWithHeader(source)) {
      throw new MalformedBlockException("no gzip header");
    }
    ByteBuffer block = target.slice();
    int deflated = source.remaining() - GzipMember.OVERHEAD;
    inflate(source.slice(source.position() + GzipMember.HEADER_BYTES, deflated), target);
    if (GzipMember.readTrailer(source) != GzipMember.trailer(block)) {
      throw new MalformedBlockException("gzip checksum or length differs");
    }
  }

  private void inflate(ByteBuffer deflated, ByteBuffer target) throws MalformedBlockException {
    try {
      inflater.reset();
      inflater.setInput(deflated);
      while (!inflater.finished()) {
        // The end mark may come after the last byte: it is looked for with room for one more.
        ByteBuffer room = target.hasRemaining() ? target : beyond.clear();
        if (inflater.inflate(room) == 0 && !inflater.finished()) {
          throw new MalformedBlockException("deflated bytes end too early");
        }
        if (room == beyond && beyond.position() > 0) {
          throw new MalformedBlockException("deflated bytes are longer than the block");
        }
      }
    } catch (DataFormatException e) {
      throw new MalformedBlockException("not deflated bytes", e);
    }
    if (target.hasRemaining() || inflater.getRemaining() > 0) {
      throw new MalformedBlockException("deflated bytes do not end with the block");
    }
  }

  @Override
  public void close() {
    closed = true;
    inflater.end();
  }
}
