package dev.larder.store;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;

/**
 * Decoded blocks that a read may take from elsewhere than the medium, such as from files in RAM.
 * What it gives is trusted. Called by many threads at once.
 */
public interface BlocksAtHand {

  /** None at all. */
  BlocksAtHand NONE =
      new BlocksAtHand() {
        @Override
        public boolean has(Digest hash, int length) {
          return false;
        }

        @Override
        public boolean read(Digest hash, ByteBuffer target) {
          return false;
        }
      };

  /**
   * Whether a block can be had, as far as is known: if it cannot when it is asked for, it is read
   * from the medium after all.
   *
   * @param hash of the block
   * @param length of the block
   */
  boolean has(Digest hash, int length);

  /**
   * Copies a block.
   *
   * @param target takes it from its position to its limit, which is the length of the block
   * @return false if it cannot be had; what is in the target then is of no use
   */
  boolean read(Digest hash, ByteBuffer target);
}
