package dev.larder.chunker.tensor;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Safetensors: the header's length in 8 bytes, the header in JSON, the tensors without gaps.
 * Specification: <a href="https://github.com/huggingface/safetensors#format">
 * github.com/huggingface/safetensors</a>.
 */
final class SafetensorsReader implements TensorReader {

  private static final int LENGTH_BYTES = 8;

  /** The specification allows 100 MB; 100,000 tensors take about 15. */
  private static final long MAX_HEADER_BYTES = 32 << 20;

  private static final Map<String, ElementType> TYPES = types();

  private static Map<String, ElementType> types() {
    Map<String, ElementType> types = new HashMap<>();
    for (String name :
        "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ".split(" ", -1)) {
      types.put(name, ElementType.of(name, 1));
    }
    for (String name : "I16 U16 F16 BF16".split(" ", -1)) {
      types.put(name, ElementType.of(name, 2));
    }
    for (String name : "I32 U32 F32".split(" ", -1)) {
      types.put(name, ElementType.of(name, 4));
    }
    for (String name : "I64 U64 F64".split(" ", -1)) {
      types.put(name, ElementType.of(name, 8));
    }
    types.put("C64", new ElementType("C64", 64, 4));
    types.put("F4", ElementType.packed("F4", 4));
    types.put("F6_E2M3", ElementType.packed("F6_E2M3", 6));
    types.put("F6_E3M2", ElementType.packed("F6_E3M2", 6));
    return Map.copyOf(types);
  }

  @Override
  public boolean claims(ContentView view) throws IOException {
    return view.limit() > LENGTH_BYTES + 1 && view.u8(LENGTH_BYTES) == '{';
  }

  @Override
  public TensorMap read(ContentView view) throws IOException {
    long length = view.i64(0);
    if (length < 2 || length > Math.min(MAX_HEADER_BYTES, view.limit() - LENGTH_BYTES)) {
      throw new Malformed("a header of " + Long.toUnsignedString(length) + " bytes");
    }
    long base = LENGTH_BYTES + length;
    TensorMap map = new Header(view, base).read().build(base, view.limit(), 1);
    // Without gaps and without overlaps the last one ends where the lengths add up to.
    long end = map.end(map.count() - 1);
    if (map.bytes() != end - base || (view.isSized() && end != view.limit())) {
      throw new Malformed("bytes that belong to no tensor");
    }
    return map;
  }

  /** One header while it is being read. */
  private static final class Header {

    private final JsonTokens tokens;
    private final Text name = new Text();
    private final TensorMap.Builder tensors = new TensorMap.Builder();

    Header(ContentView view, long end) throws Malformed {
      tokens = new JsonTokens(new Cursor(view, LENGTH_BYTES, end));
    }

    TensorMap.Builder read() throws IOException {
      tokens.expect('{');
      if (!tokens.accept('}')) {
        do {
          name.set(tokens.string());
          tokens.expect(':');
          if (name.is("__metadata__")) {
            metadata();
          } else {
            tensor();
          }
        } while (tokens.accept(','));
        tokens.expect('}');
      }
      tokens.end();
      return tensors;
    }

    private void metadata() throws IOException {
      tokens.expect('{');
      if (tokens.accept('}')) {
        return;
      }
      do {
        tokens.string();
        tokens.expect(':');
        tokens.string();
      } while (tokens.accept(','));
      tokens.expect('}');
    }

    private void tensor() throws IOException {
      ElementType type = ElementType.UNKNOWN;
      long elements = -1;
      long start = -1;
      long end = -1;
      tokens.expect('{');
      do {
        Text key = tokens.string();
        if (key.is("dtype") && type.bits() == 0) {
          tokens.expect(':');
          type = type(tokens.string());
        } else if (key.is("shape") && elements < 0) {
          tokens.expect(':');
          elements = shape();
        } else if (key.is("data_offsets") && start < 0) {
          tokens.expect(':');
          tokens.expect('[');
          start = tokens.number();
          tokens.expect(',');
          end = tokens.number();
          tokens.expect(']');
        } else {
          throw new Malformed("a field that tensors do not have, or have once");
        }
      } while (tokens.accept(','));
      tokens.expect('}');
      if (type.bits() == 0 || elements < 0 || start < 0 || end - start != type.bytes(elements)) {
        throw new Malformed("a tensor whose length is not that of its elements");
      }
      tensors.add(start, end - start, type, name, name.mark());
    }

    private static ElementType type(Text text) throws Malformed {
      ElementType type = TYPES.get(text.ascii());
      if (type == null) {
        throw new Malformed("elements of a type that is not known");
      }
      return type;
    }

    private long shape() throws IOException {
      long elements = 1;
      tokens.expect('[');
      if (tokens.accept(']')) {
        return elements;
      }
      do {
        elements = ElementType.elements(elements, tokens.number());
      } while (tokens.accept(','));
      tokens.expect(']');
      return elements;
    }
  }
}
