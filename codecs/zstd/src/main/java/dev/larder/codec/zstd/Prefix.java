package dev.larder.codec.zstd;

import com.github.luben.zstd.ZstdDictContentType;
import dev.larder.spi.codec.BlockContext;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What stands in front of a block: a reference block or a dictionary.
 *
 * @param content never empty
 * @param type how the library is to read it
 */
record Prefix(ByteBuffer content, ZstdDictContentType type) {

  /** The one that both sides use; empty if the block stands alone. */
  static Optional<Prefix> of(BlockContext context) {
    Optional<Prefix> reference = of(context.reference(), ZstdDictContentType.RAW_CONTENT);
    return reference.isPresent() ? reference : of(context.dictionary(), ZstdDictContentType.AUTO);
  }

  private static Optional<Prefix> of(Optional<ByteBuffer> content, ZstdDictContentType type) {
    return content.filter(ByteBuffer::hasRemaining).map(bytes -> new Prefix(bytes, type));
  }

  /** A copy that outlives the call. */
  byte[] copy() {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  /** Whether a copy that was made before is of the same bytes. */
  boolean sameAs(byte[] bytes, ZstdDictContentType before) {
    return type == before && content.equals(ByteBuffer.wrap(bytes));
  }
}
