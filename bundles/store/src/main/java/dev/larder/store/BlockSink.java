package dev.larder.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes checked, decoded bytes of an artifact. Called by many threads at once, in no order, each
 * byte of the range once.
 */
@FunctionalInterface
public interface BlockSink {

  /**
   * Takes some bytes.
   *
   * @param offset of the first within the artifact
   * @param bytes position to limit; valid during the call only
   */
  void accept(long offset, ByteBuffer bytes) throws IOException;
}
