package dev.larder.chunker.tensor;

import java.io.IOException;

/**
 * GGUF, versions 2 and 3, little-endian: metadata, a table of tensors, the tensors, each aligned to
 * {@code general.alignment}. Specification: <a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">ggml, docs/gguf.md</a>.
 */
final class GgufReader implements TensorReader {

  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int MAX_HEADER_BYTES = 64 << 20;
  private static final int MAX_KEYS = 65_536;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MAX_DEPTH = 4;

  private static final int UINT32 = 4;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  @Override
  public boolean claims(ContentView view) throws IOException {
    return view.limit() >= Integer.BYTES && view.i32(0) == MAGIC;
  }

  @Override
  public TensorMap read(ContentView view) throws IOException {
    long end = Math.min(view.limit(), MAX_HEADER_BYTES);
    return new Header(view.limit(), new Cursor(view, Integer.BYTES, end)).read();
  }

  /** One header while it is being read. */
  private static final class Header {

    private final long limit;
    private final Cursor cursor;
    private final Text text = new Text();
    private final TensorMap.Builder tensors = new TensorMap.Builder();
    private int alignment = DEFAULT_ALIGNMENT;

    Header(long limit, Cursor cursor) {
      this.limit = limit;
      this.cursor = cursor;
    }

    TensorMap read() throws IOException {
      int version = cursor.length32();
      if (version != 2 && version != 3) {
        throw new Malformed("GGUF of version " + version);
      }
      long tensorCount = cursor.i64(TensorMap.MAX_TENSORS);
      long keys = cursor.i64(MAX_KEYS);
      for (long i = 0; i < keys; i++) {
        key();
      }
      // The base is not known before the table has been read, but all lengths can be checked.
      for (long i = 0; i < tensorCount; i++) {
        tensor();
      }
      long base = (cursor.at() + alignment - 1) & -alignment;
      // What fills a tensor up to the alignment follows from its own length: it belongs to it, so
      // that it takes no block of its own.
      return tensors.build(base, limit, alignment);
    }

    private void key() throws IOException {
      string();
      int type = cursor.length32();
      if (!text.is("general.alignment")) {
        skip(type, 0);
        return;
      }
      alignment = type == UINT32 ? cursor.length32() : 0;
      if (Integer.bitCount(alignment) != 1 || alignment > MAX_ALIGNMENT) {
        throw new Malformed("an alignment of " + alignment);
      }
    }

    private void skip(int type, int depth) throws IOException {
      if (type == STRING) {
        cursor.skip(cursor.i64());
      } else if (type == ARRAY) {
        if (depth == MAX_DEPTH) {
          throw new Malformed("lists of lists of lists");
        }
        int of = cursor.length32();
        long count = cursor.i64(MAX_HEADER_BYTES);
        if (of != STRING && of != ARRAY) {
          cursor.skip(count * bytes(of));
          return;
        }
        for (long i = 0; i < count; i++) {
          skip(of, depth + 1);
        }
      } else {
        cursor.skip(bytes(type));
      }
    }

    private static int bytes(int type) throws Malformed {
      return switch (type) {
        case 0, 1, 7 -> 1;
        case 2, 3 -> 2;
        case UINT32, 5, 6 -> 4;
        case 10, 11, 12 -> 8;
        default -> throw new Malformed("a value of type " + type);
      };
    }

    private void tensor() throws IOException {
      string();
      int dimensions = cursor.length32();
      if (dimensions > MAX_DIMENSIONS) {
        throw new Malformed(dimensions + " dimensions");
      }
      long row = 1;
      long elements = 1;
      for (int i = 0; i < dimensions; i++) {
        long dimension = cursor.i64();
        row = i == 0 ? dimension : row;
        elements = ElementType.elements(elements, dimension);
      }
      GgmlType type = GgmlType.of(cursor.length32());
      long offset = cursor.i64(ContentView.MAX_BYTES);
      if (row % type.blockElements() != 0 || offset % alignment != 0) {
        throw new Malformed("a tensor that is not aligned");
      }
      long bytes = ElementType.elements(elements / type.blockElements(), type.blockBytes());
      tensors.add(offset, bytes, type.element(), text, text.mark());
    }

    private void string() throws IOException {
      cursor.part(cursor.i64()).rest(text);
    }
  }
}
