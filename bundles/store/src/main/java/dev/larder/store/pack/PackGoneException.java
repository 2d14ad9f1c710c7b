package dev.larder.store.pack;

import java.io.IOException;

/** A pack that a collection has deleted meanwhile; its live blocks are somewhere else. */
public final class PackGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A pack that is gone. */
  public PackGoneException(int pack) {
    super("pack " + pack + " is gone");
  }
}
