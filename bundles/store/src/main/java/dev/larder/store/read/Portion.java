package dev.larder.store.read;

import java.util.List;

/** A part of a read that one thread does. */
sealed interface Portion permits Extent, Portion.AtHand {

  /** One or more. */
  List<Piece> pieces();

  /** Pieces that are taken from elsewhere than the medium. */
  record AtHand(List<Piece> pieces) implements Portion {}
}
