package dev.larder.chunker.tensor;

/**
 * Type of a tensor's elements.
 *
 * @param name as the file format calls it; empty if not known
 * @param bits of one element in the file; 0 if not known
 * @param bytes size of one number, for the codecs: 1, 2, 4, 8; 0 if not known
 */
record ElementType(String name, int bits, int bytes) {

  static final ElementType UNKNOWN = new ElementType("", 0, 0);

  /** More elements than any content can have. */
  private static final long MAX_ELEMENTS = ContentView.MAX_BYTES << 3;

  /** Whole numbers of 1, 2, 4, 8 or 16 bytes; those of 16 are pairs. */
  static ElementType of(String name, int bytes) {
    return new ElementType(name, bytes * Byte.SIZE, Math.min(bytes, Long.BYTES));
  }

  /** Elements that share bytes. */
  static ElementType packed(String name, int bits) {
    return new ElementType(name, bits, 1);
  }

  /**
   * Elements of a tensor, one dimension more.
   *
   * @throws Malformed if no content can have so many
   */
  static long elements(long before, long dimension) throws Malformed {
    if (dimension < 0 || (dimension > 0 && before > MAX_ELEMENTS / dimension)) {
      throw new Malformed("a dimension of " + Long.toUnsignedString(dimension));
    }
    return before * dimension;
  }

  /** Bytes that so many elements take in the file. */
  long bytes(long elements) throws Malformed {
    return (elements(elements, bits) + Byte.SIZE - 1) / Byte.SIZE;
  }
}
