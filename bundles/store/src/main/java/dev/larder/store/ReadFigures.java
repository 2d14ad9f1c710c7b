package dev.larder.store;

/**
 * What a read has taken, and from where.
 *
 * @param bytesRead encoded bytes of the blocks that came from the medium, with the blocks that
 *     these stand on
 * @param bytesReused bytes that were at hand
 */
public record ReadFigures(long bytesRead, long bytesReused) {

  /** Nothing. */
  public static final ReadFigures NOTHING = new ReadFigures(0, 0);

  /** Both together. */
  public ReadFigures plus(ReadFigures other) {
    return new ReadFigures(bytesRead + other.bytesRead, bytesReused + other.bytesReused);
  }
}
