package dev.larder.spi.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Encodes blocks, one at a time. */
@ConsumerType
public interface BlockEncoder extends AutoCloseable {

  /** Returned by {@link #encode} when the stored form does not fit. */
  int DOES_NOT_FIT = -1;

  /**
   * Encodes a block into the caller's buffer. Both buffers are direct or both are not; their byte
   * order is not defined.
   *
   * @param source the block, position to limit; position and limit are afterwards as before
   * @param context what else is known
   * @param target where to; its position moves behind the stored form
   * @return bytes written, or {@link #DOES_NOT_FIT} if {@code target} has too little room, which is
   *     how the core says what gain it wants
   */
  int encode(ByteBuffer source, BlockContext context, ByteBuffer target) throws IOException;

  /** Frees what it holds outside the heap. */
  @Override
  void close();
}
