package dev.larder.spi.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Decodes blocks, one at a time. */
@ConsumerType
public interface BlockDecoder extends AutoCloseable {

  /**
   * Decodes a block into the caller's buffer, which has exactly the block's length left. The stored
   * form comes from a medium: nothing in it may be believed, no length in it sizes an allocation,
   * and nothing is written outside {@code target}'s remaining bytes.
   *
   * @param source the stored form, position to limit; position and limit are afterwards as before
   * @param context the reference block and dictionary that it was encoded with
   * @param target to be filled to its limit
   * @throws MalformedBlockException if the stored form does not decode to exactly that many bytes
   */
  void decode(ByteBuffer source, BlockContext context, ByteBuffer target) throws IOException;

  /** Frees what it holds outside the heap. */
  @Override
  void close();
}
