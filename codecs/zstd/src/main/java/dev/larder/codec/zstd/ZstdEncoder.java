package dev.larder.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes Zstandard frames. One context for blocks that stand alone, one for those that do not. */
final class ZstdEncoder implements BlockEncoder {

  private final int level;
  private Loaded loaded = new Loaded();
  private final ZstdCompressCtx alone;
  private @Nullable ZstdCompressCtx prefixed;
  private boolean closed;

  ZstdEncoder(int level) {
    this.level = level;
    this.alone = context(level);
  }

  private static ZstdCompressCtx context(int level) {
    return new ZstdCompressCtx()
        .setLevel(level)
        .setMagicless(true)
        .setContentSize(false)
        .setChecksum(false)
        .setDictID(false);
  }

  @Override
  public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) throws IOException {
    if (closed) {
      throw new IllegalStateException("the encoder is closed");
    }
    if (!target.hasRemaining()) {
      return DOES_NOT_FIT;
    }
    try {
      Optional<Prefix> prefix = Prefix.of(context);
      int written = compress(prefix.isPresent() ? with(prefix.get()) : alone, source, target);
      target.position(target.position() + written);
      return written;
    } catch (ZstdException e) {
      forgetPrefix();
      if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
        return DOES_NOT_FIT;
      }
      throw new IOException("Zstandard cannot encode a block", e);
    }
  }

  /** A context that has failed is in the middle of a frame, and takes no other prefix there. */
  private void forgetPrefix() {
    if (prefixed != null) {
      prefixed.close();
      prefixed = null;
      loaded = new Loaded();
    }
  }

  private ZstdCompressCtx with(Prefix prefix) {
    if (prefixed == null) {
      prefixed = context(level);
    }
    ZstdCompressCtx context = prefixed;
    loaded.ensure(prefix, context::loadDict);
    return context;
  }

  private static int compress(ZstdCompressCtx context, ByteBuffer source, ByteBuffer target) {
    if (source.isDirect() && target.isDirect()) {
      return context.compressDirectByteBuffer(
          target,
          target.position(),
          target.remaining(),
          source,
          source.position(),
          source.remaining());
    }
    ByteBuffer block = ZstdDecoder.onHeap(source);
    return context.compressByteArray(
        target.array(),
        target.arrayOffset() + target.position(),
        target.remaining(),
        block.array(),
        block.arrayOffset() + block.position(),
        block.remaining());
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
