package dev.larder.spi.chunking;

/**
 * One block.
 *
 * @param length its bytes, 1 or more
 * @param annotation what is in it
 */
public record Cut(int length, BlockAnnotation annotation) {

  /** A block of which nothing is known. */
  public static Cut of(int length) {
    return new Cut(length, BlockAnnotation.NONE);
  }
}
