package dev.larder.spi.chunking;

/**
 * What a chunker found out about a block, for the codecs. A hint: a wrong one costs bytes, never
 * correctness.
 *
 * @param elementBytes size of one number: 1, 2, 4, 8; 0 if not known
 * @param phase bytes from the block's start to the start of a number; 0 to {@code elementBytes - 1}
 * @param tensor name of the tensor; empty if none
 * @param type element type as the file calls it, such as {@code BF16}; empty if not known
 */
public record BlockAnnotation(int elementBytes, int phase, String tensor, String type) {

  /** Nothing is known. */
  public static final BlockAnnotation NONE = new BlockAnnotation(0, 0, "", "");
}
