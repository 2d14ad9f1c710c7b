package dev.larder.store.read;

import dev.larder.api.Digest;
import java.io.IOException;

/** What a stored form stands on is gone, because the block has been stored anew meanwhile. */
public final class BlockMovedException extends IOException {

  private static final long serialVersionUID = 1L;

  BlockMovedException(Digest hash, Throwable cause) {
    super("block " + hash + " was stored anew meanwhile", cause);
  }
}
