package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.store.index.BlockLocation;

/**
 * A block that is to be read, or a part of it.
 *
 * @param hash of the block
 * @param location where it is
 * @param from first byte of the block that is wanted
 * @param to behind the last byte of the block that is wanted
 * @param target where the first wanted byte belongs within the artifact
 */
record Piece(Digest hash, BlockLocation location, int from, int to, long target) {

  int pack() {
    return location.pack();
  }

  int start() {
    return location.offset();
  }

  int end() {
    return location.offset() + location.form().stored();
  }

  boolean raw() {
    return location.form().codec() == 0;
  }

  Piece at(BlockLocation moved) {
    return new Piece(hash, moved, from, to, target);
  }
}
