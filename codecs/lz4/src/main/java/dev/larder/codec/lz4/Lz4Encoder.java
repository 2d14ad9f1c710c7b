package dev.larder.codec.lz4;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;

/** Writes LZ4 blocks. */
final class Lz4Encoder implements BlockEncoder {

  private final LZ4Compressor compressor;
  private boolean closed;

  Lz4Encoder(LZ4Compressor compressor) {
    this.compressor = compressor;
  }

  @Override
  public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
    if (closed) {
      throw new IllegalStateException("the encoder is closed");
    }
    ByteBuffer block = Lz4Decoder.accessible(source);
    try {
      int written =
          compressor.compress(
              block,
              block.position(),
              block.remaining(),
              target,
              target.position(),
              target.remaining());
      target.position(target.position() + written);
      return written;
    } catch (LZ4Exception e) {
      // The only way to fail: the library knows no other error than too little room.
      return DOES_NOT_FIT;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
