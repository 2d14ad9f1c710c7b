package dev.larder.store;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Which codec to try on a block. Any thread. */
@FunctionalInterface
public interface CodecChoice {

  /**
   * The codec to try, or {@link Codecs#NONE}. What gains less than 3 % is stored raw whatever this
   * says.
   */
  FormatId codecFor(BlockAnnotation annotation);

  /**
   * The codec to try on small blocks with a dictionary; empty if there is none that can use one.
   */
  default Optional<FormatId> dictionaryCodec() {
    return Optional.empty();
  }

  /** The codec to try against a reference block; empty if there is none that can use one. */
  default Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
    return Optional.empty();
  }

  /**
   * Shows a block that has been encoded, to learn from; not one that the volume had already. Its
   * bytes are valid during the call.
   */
  default void encoded(BlockAnnotation annotation, ByteBuffer block) {}
}
