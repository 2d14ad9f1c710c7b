package dev.larder.store;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;

/** Which codec to try on a block. Any thread. */
@FunctionalInterface
public interface CodecChoice {

  /**
   * The codec to try, or {@link Codecs#NONE}. What gains less than 3 % is stored raw whatever this
   * says.
   */
  FormatId codecFor(BlockAnnotation annotation);
}
