package dev.larder.codec.lz4;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Reads LZ4 blocks. */
final class Lz4Decoder implements BlockDecoder {

  private final LZ4SafeDecompressor decompressor;
  private boolean closed;

  Lz4Decoder(LZ4SafeDecompressor decompressor) {
    this.decompressor = decompressor;
  }

  @Override
  public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
      throws MalformedBlockException {
    if (closed) {
      throw new IllegalStateException("the decoder is closed");
    }
    ByteBuffer stored = accessible(source);
    int length = target.remaining();
    int decoded;
    try {
      decoded =
          decompressor.decompress(
              stored, stored.position(), stored.remaining(), target, target.position(), length);
    } catch (LZ4Exception e) {
      throw new MalformedBlockException("not an LZ4 block of " + length + " bytes", e);
    }
    if (decoded != length) {
      throw new MalformedBlockException("LZ4 block of " + decoded + " bytes, not of " + length);
    }
    target.position(target.limit());
  }

  /** The library wants a direct buffer or an array that it can get at. */
  static ByteBuffer accessible(ByteBuffer source) {
    if (source.isDirect() || source.hasArray()) {
      return source;
    }
    return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
  }

  @Override
  public void close() {
    closed = true;
  }
}
