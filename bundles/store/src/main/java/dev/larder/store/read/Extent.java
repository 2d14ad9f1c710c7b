package dev.larder.store.read;

import java.util.List;

/**
 * Pieces that are read at once, in order of their place.
 *
 * @param pack that they are in
 * @param start of the first
 * @param end of the last
 * @param pieces one or more
 */
record Extent(int pack, int start, int end, List<Piece> pieces) implements Portion {

  static Extent of(List<Piece> pieces) {
    Piece first = pieces.get(0);
    int end = pieces.stream().mapToInt(Piece::end).max().orElse(first.end());
    return new Extent(first.pack(), first.start(), end, pieces);
  }

  int bytes() {
    return end - start;
  }
}
