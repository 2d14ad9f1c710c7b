package dev.larder.spi.chunking;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Cuts one artifact, from its first byte to its last. */
@ConsumerType
public interface BlockCutter {

  /** The longest block that it cuts; 1 to 4 MiB. */
  int maxBlockBytes();

  /**
   * Its parameters, at most 256 ASCII characters, to be stored with the artifact; the same
   * parameters cut the same content alike.
   */
  String parameters();

  /**
   * Finds the end of the next block.
   *
   * @param window the content from the end of the block before: at least {@link #maxBlockBytes()}
   *     bytes, or all that is left; at least 1. Position and limit are afterwards as before. Direct
   *     or not.
   * @param last whether the window reaches to the end of the content
   * @return the next block, not longer than the window
   */
  Cut next(ByteBuffer window, boolean last);
}
