package dev.larder.spi.codec;

import dev.larder.spi.chunking.BlockAnnotation;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a codec may use beside the block.
 *
 * @param reference a similar block, position to limit, to write or read a delta against
 * @param dictionary shared bytes
 * @param annotation what the chunker found out; {@link BlockAnnotation#NONE} when decoding
 */
public record BlockContext(
    Optional<ByteBuffer> reference, Optional<ByteBuffer> dictionary, BlockAnnotation annotation) {

  /** Nothing but the block. */
  public static final BlockContext PLAIN =
      new BlockContext(Optional.empty(), Optional.empty(), BlockAnnotation.NONE);

  /** Only what the chunker found out. */
  public static BlockContext of(BlockAnnotation annotation) {
    return annotation.equals(BlockAnnotation.NONE)
        ? PLAIN
        : new BlockContext(Optional.empty(), Optional.empty(), annotation);
  }
}
