package dev.larder.chunker.tensor;

/**
 * How ggml stores numbers: in blocks of so many elements that take so many bytes. From {@code enum
 * ggml_type} and {@code GGML_QUANT_SIZES} of <a
 * href="https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py">llama.cpp</a>.
 */
record GgmlType(ElementType element, int blockElements, int blockBytes) {

  private static final GgmlType[] TYPES = new GgmlType[41];

  static {
    number(0, "F32", 4);
    number(1, "F16", 2);
    quantised(2, "Q4_0", 32, 18);
    quantised(3, "Q4_1", 32, 20);
    quantised(6, "Q5_0", 32, 22);
    quantised(7, "Q5_1", 32, 24);
    quantised(8, "Q8_0", 32, 34);
    quantised(10, "Q2_K", 256, 84);
    quantised(11, "Q3_K", 256, 110);
    quantised(12, "Q4_K", 256, 144);
    quantised(13, "Q5_K", 256, 176);
    quantised(14, "Q6_K", 256, 210);
    quantised(15, "Q8_K", 256, 292);
    quantised(16, "IQ2_XXS", 256, 66);
    quantised(17, "IQ2_XS", 256, 74);
    quantised(18, "IQ3_XXS", 256, 98);
    quantised(19, "IQ1_S", 256, 50);
    quantised(20, "IQ4_NL", 32, 18);
    quantised(21, "IQ3_S", 256, 110);
    quantised(22, "IQ2_S", 256, 82);
    quantised(23, "IQ4_XS", 256, 136);
    number(24, "I8", 1);
    number(25, "I16", 2);
    number(26, "I32", 4);
    number(27, "I64", 8);
    number(28, "F64", 8);
    quantised(29, "IQ1_M", 256, 56);
    number(30, "BF16", 2);
    quantised(34, "TQ1_0", 256, 54);
    quantised(35, "TQ2_0", 256, 66);
    quantised(39, "MXFP4", 32, 17);
    quantised(40, "NVFP4", 64, 36);
  }

  private static void number(int id, String name, int bytes) {
    TYPES[id] = new GgmlType(ElementType.of(name, bytes), 1, bytes);
  }

  private static void quantised(int id, String name, int elements, int bytes) {
    TYPES[id] = new GgmlType(new ElementType(name, 0, 1), elements, bytes);
  }

  /**
   * The type of this number.
   *
   * @throws Malformed if it has been removed from ggml, or is newer than this table
   */
  static GgmlType of(int id) throws Malformed {
    if (id >= TYPES.length || TYPES[id] == null) {
      throw new Malformed("numbers of type " + id);
    }
    return TYPES[id];
  }
}
