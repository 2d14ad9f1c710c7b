package dev.larder.codec.zstd;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads Zstandard frames. All at once, into a buffer of known length: no length in the frame sizes
 * anything.
 */
final class ZstdDecoder implements BlockDecoder {

  private final Loaded loaded = new Loaded();
  private final ZstdDecompressCtx alone = new ZstdDecompressCtx().setMagicless(true);
  private @Nullable ZstdDecompressCtx prefixed;
  private boolean closed;

  @Override
  public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
      throws MalformedBlockException {
    if (closed) {
      throw new IllegalStateException("the decoder is closed");
    }
    int length = target.remaining();
    int decoded;
    try {
      Optional<Prefix> prefix = Prefix.of(context);
      decoded = decompress(prefix.isPresent() ? with(prefix.get()) : alone, source, target);
    } catch (ZstdException e) {
      throw new MalformedBlockException(
          "not a Zstandard block of " + length + " bytes: " + e.getMessage(), e);
    }
    if (decoded != length) {
      throw new MalformedBlockException(
          "Zstandard block of " + decoded + " bytes, not of " + length);
    }
    target.position(target.limit());
  }

  private ZstdDecompressCtx with(Prefix prefix) {
    if (prefixed == null) {
      prefixed = new ZstdDecompressCtx().setMagicless(true);
    }
    ZstdDecompressCtx context = prefixed;
    loaded.ensure(prefix, context::loadDict);
    return context;
  }

  private static int decompress(ZstdDecompressCtx context, ByteBuffer source, ByteBuffer target) {
    int length = target.remaining();
    if (source.isDirect()) {
      return target.isDirect()
          ? context.decompressDirectByteBuffer(
              target, target.position(), length, source, source.position(), source.remaining())
          : context.decompressDirectByteBufferToByteArray(
              target.array(),
              target.arrayOffset() + target.position(),
              length,
              source,
              source.position(),
              source.remaining());
    }
    ByteBuffer stored = onHeap(source);
    int offset = stored.arrayOffset() + stored.position();
    return target.isDirect()
        ? context.decompressByteArrayToDirectByteBuffer(
            target, target.position(), length, stored.array(), offset, stored.remaining())
        : context.decompressByteArray(
            target.array(),
            target.arrayOffset() + target.position(),
            length,
            stored.array(),
            offset,
            stored.remaining());
  }

  /** With an array that can be got at: one that is read-only or direct is copied. */
  static ByteBuffer onHeap(ByteBuffer source) {
    return source.hasArray()
        ? source
        : ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
  }

  @Override
  public void close() {
    closed = true;
    alone.close();
    if (prefixed != null) {
      prefixed.close();
    }
  }
}
