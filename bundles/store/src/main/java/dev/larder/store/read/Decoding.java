package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.store.BlocksAtHand;

/**
 * What blocks are decoded for, and with.
 *
 * @param artifact that errors name
 * @param atHand where bases are taken from if they are there
 * @param slot buffers, which also count what is read
 */
record Decoding(Digest artifact, BlocksAtHand atHand, ReadSlots.Slot slot) {

  private static final Digest NO_ARTIFACT = new Digest(0, 0, 0, 0);

  /** For nobody in particular, from the medium alone. */
  static Decoding with(ReadSlots.Slot slot) {
    return new Decoding(NO_ARTIFACT, BlocksAtHand.NONE, slot);
  }
}
