package dev.larder.store;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The codecs that are there now. Safe for use by many threads; each call leases the codec's
 * generation for itself, so a codec can be replaced between any two calls.
 */
public interface Codecs {

  /** The stored form is the block itself. Built in; never asked for here. */
  FormatId NONE = new FormatId("dev.larder.codec.none", 1);

  /** Returned by {@link #encode} when the stored form does not fit into the target. */
  int DOES_NOT_FIT = -1;

  /**
   * Encodes a block.
   *
   * @return bytes written at the target's position, or {@link #DOES_NOT_FIT}
   * @throws dev.larder.api.LarderException {@code CODEC_MISSING} if it is not there
   */
  int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException;

  /**
   * Encodes a block with much more effort; while nobody waits for it.
   *
   * @return as {@link #encode}
   */
  default int encodeThoroughly(
      FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    return encode(codec, block, context, target);
  }

  /**
   * Makes a dictionary of samples.
   *
   * @return empty if the codec makes none, or is not there
   */
  default Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes)
      throws IOException {
    return Optional.empty();
  }

  /**
   * Decodes a block into the target's remaining bytes.
   *
   * @throws dev.larder.api.LarderException {@code CODEC_MISSING} if it is not there
   * @throws dev.larder.spi.codec.MalformedBlockException if the stored form is not one of a block
   *     of that length
   */
  void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException;
}
