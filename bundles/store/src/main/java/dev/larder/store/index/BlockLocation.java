package dev.larder.store.index;

import dev.larder.store.format.StoredBlock;

/**
 * Where a block is.
 *
 * @param pack number
 * @param offset of its stored form
 * @param form how it is stored; the codec's number is that of {@link Formats}, the flags may hold
 *     the index's own
 */
public record BlockLocation(int pack, int offset, StoredBlock form) {

  /** Whether it is at the same place. */
  public boolean samePlace(BlockLocation other) {
    return pack == other.pack && offset == other.offset;
  }
}
