package dev.larder.chunker.tensor;

import java.io.IOException;
import java.util.Map;

/**
 * ONNX: one Protocol Buffers message. Its tensors are initializers of the graph and of graphs
 * within, constants, and sparse tensors, where their bytes are in one piece ({@code raw_data}, or
 * packed floats). External data are not in the file. Specification: <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>, <a
 * href="https://protobuf.dev/programming-guides/encoding/">encoding</a>.
 *
 * <p>The lengths of messages lead through the file; no message is kept.
 */
final class OnnxReader implements TensorReader {

  /** {@code ir_version}, a number: serialisers write fields in the order of their numbers. */
  private static final int FIRST_BYTE = 1 << 3;

  private static final int MAX_IR_VERSION = 1000;
  private static final int MAX_DEPTH = 16;

  /** Fields that are looked at; bounds the time that a content of nothing but tiny ones takes. */
  private static final int MAX_FIELDS = 8_000_000;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private static final ElementType FLOAT = ElementType.of("FLOAT", 4);
  private static final ElementType DOUBLE = ElementType.of("DOUBLE", 8);

  /** {@code TensorProto.DataType}. */
  private static final Map<Integer, ElementType> TYPES =
      Map.ofEntries(
          Map.entry(1, FLOAT),
          Map.entry(2, ElementType.of("UINT8", 1)),
          Map.entry(3, ElementType.of("INT8", 1)),
          Map.entry(4, ElementType.of("UINT16", 2)),
          Map.entry(5, ElementType.of("INT16", 2)),
          Map.entry(6, ElementType.of("INT32", 4)),
          Map.entry(7, ElementType.of("INT64", 8)),
          Map.entry(9, ElementType.of("BOOL", 1)),
          Map.entry(10, ElementType.of("FLOAT16", 2)),
          Map.entry(11, DOUBLE),
          Map.entry(12, ElementType.of("UINT32", 4)),
          Map.entry(13, ElementType.of("UINT64", 8)),
          Map.entry(14, new ElementType("COMPLEX64", 64, 4)),
          Map.entry(15, ElementType.of("COMPLEX128", 16)),
          Map.entry(16, ElementType.of("BFLOAT16", 2)),
          Map.entry(17, ElementType.of("FLOAT8E4M3FN", 1)),
          Map.entry(18, ElementType.of("FLOAT8E4M3FNUZ", 1)),
          Map.entry(19, ElementType.of("FLOAT8E5M2", 1)),
          Map.entry(20, ElementType.of("FLOAT8E5M2FNUZ", 1)),
          Map.entry(21, ElementType.packed("UINT4", 4)),
          Map.entry(22, ElementType.packed("INT4", 4)),
          Map.entry(23, ElementType.packed("FLOAT4E2M1", 4)),
          Map.entry(24, ElementType.of("FLOAT8E8M0", 1)),
          Map.entry(25, ElementType.packed("UINT2", 2)),
          Map.entry(26, ElementType.packed("INT2", 2)));

  @Override
  public boolean claims(ContentView view) throws IOException {
    return view.isSized() && view.limit() > 2 && view.u8(0) == FIRST_BYTE;
  }

  @Override
  public TensorMap read(ContentView view) throws IOException {
    Walk walk = new Walk();
    walk.model(new Cursor(view, 0, view.limit()));
    return walk.tensors.build(0, view.limit(), 1);
  }

  /** One walk through a file. */
  private static final class Walk {

    private final Text name = new Text();
    private final TensorMap.Builder tensors = new TensorMap.Builder();
    private int fields;
    private int wire;

    /** The number of the next field; sets its {@link #wire} type. */
    private int field(Cursor in) throws IOException {
      long key = in.varint();
      if (key < 1 << 3 || key > 0xFFFF_FFFFL || ++fields > MAX_FIELDS) {
        throw new Malformed("a field of the number " + (key >>> 3));
      }
      wire = (int) key & 7;
      return (int) (key >>> 3);
    }

    private void skip(Cursor in) throws IOException {
      switch (wire) {
        case VARINT -> in.varint();
        case FIXED64 -> in.skip(Long.BYTES);
        case LENGTH -> in.skip(in.varint());
        case FIXED32 -> in.skip(Integer.BYTES);
        default -> throw new Malformed("a field of the wire type " + wire);
      }
    }

    private Cursor message(Cursor in) throws IOException {
      require(wire == LENGTH);
      return in.part(in.varint());
    }

    private static void require(boolean holds) throws Malformed {
      if (!holds) {
        throw new Malformed("not a model");
      }
    }

    void model(Cursor in) throws IOException {
      boolean version = false;
      boolean graph = false;
      while (in.hasRemaining()) {
        switch (field(in)) {
          case 1 -> {
            require(wire == VARINT && !version);
            long value = in.varint();
            require(value >= 1 && value <= MAX_IR_VERSION);
            version = true;
          }
          case 7 -> {
            require(!graph);
            graph(message(in), 0);
            graph = true;
          }
          case 25 -> function(message(in));
          default -> skip(in);
        }
      }
      require(version && graph);
    }

    private void function(Cursor in) throws IOException {
      while (in.hasRemaining()) {
        if (field(in) == 7) {
          node(message(in), 1);
        } else {
          skip(in);
        }
      }
    }

    private void graph(Cursor in, int depth) throws IOException {
      require(depth < MAX_DEPTH);
      while (in.hasRemaining()) {
        switch (field(in)) {
          case 1 -> node(message(in), depth + 1);
          case 5 -> tensor(message(in));
          case 15 -> sparse(message(in));
          default -> skip(in);
        }
      }
    }

    private void node(Cursor in, int depth) throws IOException {
      while (in.hasRemaining()) {
        if (field(in) == 5) {
          attribute(message(in), depth);
        } else {
          skip(in);
        }
      }
    }

    private void attribute(Cursor in, int depth) throws IOException {
      while (in.hasRemaining()) {
        switch (field(in)) {
          case 5, 10 -> tensor(message(in));
          case 6, 11 -> graph(message(in), depth);
          case 22, 23 -> sparse(message(in));
          default -> skip(in);
        }
      }
    }

    private void sparse(Cursor in) throws IOException {
      while (in.hasRemaining()) {
        switch (field(in)) {
          case 1, 2 -> tensor(message(in));
          default -> skip(in);
        }
      }
    }

    private void tensor(Cursor in) throws IOException {
      long elements = 1;
      long dataType = 0;
      long start = 0;
      long length = -1;
      ElementType packed = ElementType.UNKNOWN;
      name.clear();
      while (in.hasRemaining()) {
        int number = field(in);
        switch (number) {
          case 1 -> elements = dimensions(in, elements);
          case 2 -> {
            require(wire == VARINT);
            dataType = in.varint();
          }
          case 4, 9, 10 -> {
            if (wire != LENGTH) {
              skip(in); // numbers one by one, as nobody writes many
              continue;
            }
            require(length < 0);
            length = in.varint();
            start = in.at();
            in.skip(length);
            packed = number == 4 ? FLOAT : number == 10 ? DOUBLE : packed;
          }
          case 8 -> message(in).rest(name);
          default -> skip(in);
        }
      }
      if (length <= 0) {
        return;
      }
      ElementType type = packed;
      if (packed.bits() == 0) {
        type = TYPES.getOrDefault((int) dataType, ElementType.UNKNOWN);
        require(dataType == (int) dataType && type.bits() > 0);
        require(type.bytes(elements) == length);
      }
      tensors.add(start, length, type, name, name.mark());
    }

    private long dimensions(Cursor in, long before) throws IOException {
      if (wire == VARINT) {
        return ElementType.elements(before, in.varint());
      }
      long elements = before;
      for (Cursor list = message(in); list.hasRemaining(); ) {
        elements = ElementType.elements(elements, list.varint());
      }
      return elements;
    }
  }
}
