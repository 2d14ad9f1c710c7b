package dev.larder.chunker.tensor;

import java.io.IOException;

/**
 * TensorFlow Lite: a FlatBuffer with the identifier {@code TFL3}. Tensors of the subgraphs name
 * buffers of the model. Specification: <a
 * href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs">
 * schema.fbs</a>.
 */
final class TfliteReader implements TensorReader {

  private static final int MAGIC = 0x334C4654; // "TFL3", behind the reference to the root

  private static final int MODEL_SUBGRAPHS = 2;
  private static final int MODEL_BUFFERS = 4;
  private static final int BUFFER_DATA = 0;
  private static final int BUFFER_OFFSET = 1;
  private static final int BUFFER_SIZE = 2;
  private static final int SUBGRAPH_TENSORS = 0;
  private static final int TENSOR_TYPE = 1;
  private static final int TENSOR_BUFFER = 2;
  private static final int TENSOR_NAME = 3;

  /** References may all lead to one long name. */
  private static final int MAX_NAME_BYTES = 16 << 20;

  /** In the order of {@code enum TensorType}. */
  private static final ElementType[] TYPES = {
    ElementType.of("FLOAT32", 4),
    ElementType.of("FLOAT16", 2),
    ElementType.of("INT32", 4),
    ElementType.of("UINT8", 1),
    ElementType.of("INT64", 8),
    new ElementType("STRING", 0, 1),
    ElementType.of("BOOL", 1),
    ElementType.of("INT16", 2),
    new ElementType("COMPLEX64", 64, 4),
    ElementType.of("INT8", 1),
    ElementType.of("FLOAT64", 8),
    ElementType.of("COMPLEX128", 16),
    ElementType.of("UINT64", 8),
    new ElementType("RESOURCE", 0, 0),
    new ElementType("VARIANT", 0, 0),
    ElementType.of("UINT32", 4),
    ElementType.of("UINT16", 2),
    ElementType.packed("INT4", 4),
    ElementType.of("BFLOAT16", 2),
    ElementType.packed("INT2", 2),
    ElementType.packed("UINT4", 4),
    ElementType.of("FLOAT8_E4M3FN", 1),
    ElementType.of("FLOAT8_E5M2", 1),
  };

  @Override
  public boolean claims(ContentView view) throws IOException {
    return view.limit() >= 2 * Integer.BYTES && view.i32(Integer.BYTES) == MAGIC;
  }

  @Override
  public TensorMap read(ContentView view) throws IOException {
    return new Model(view).read().build(0, view.limit(), 1);
  }

  /** One model while it is being read. */
  private static final class Model {

    private final ContentView view;
    private final Text name = new Text();
    private final TensorMap.Builder tensors = new TensorMap.Builder();
    private final FlatTable root;
    private final long buffers;
    private final int bufferCount;

    /** Tensors looked at; most have no bytes in the file, so the map does not bound them. */
    private int seen;

    private long nameBytes;

    Model(ContentView view) throws IOException {
      this.view = view;
      root = FlatTable.at(view, FlatTable.follow(view, 0));
      buffers = root.reference(MODEL_BUFFERS);
      bufferCount = count(buffers);
    }

    /** Length of a vector of references. */
    private int count(long vector) throws IOException {
      long count = vector == 0 ? 0 : view.u32(vector);
      if (count > TensorMap.MAX_TENSORS) {
        throw new Malformed("a vector of " + count);
      }
      return (int) count;
    }

    private FlatTable element(long vector, long index) throws IOException {
      return FlatTable.at(
          view, FlatTable.follow(view, vector + Integer.BYTES + index * Integer.BYTES));
    }

    TensorMap.Builder read() throws IOException {
      long subgraphs = root.reference(MODEL_SUBGRAPHS);
      int subgraphCount = count(subgraphs);
      for (int i = 0; i < subgraphCount; i++) {
        long vector = element(subgraphs, i).reference(SUBGRAPH_TENSORS);
        int count = count(vector);
        seen += count + 1;
        if (seen > TensorMap.MAX_TENSORS) {
          throw new Malformed("more than " + TensorMap.MAX_TENSORS + " tensors");
        }
        for (int j = 0; j < count; j++) {
          tensor(element(vector, j));
        }
      }
      return tensors;
    }

    private void tensor(FlatTable tensor) throws IOException {
      long bufferAt = tensor.field(TENSOR_BUFFER);
      long buffer = bufferAt == 0 ? 0 : view.u32(bufferAt);
      if (buffer >= bufferCount) {
        throw new Malformed("a tensor without a buffer");
      }
      long typeAt = tensor.field(TENSOR_TYPE);
      int type = typeAt == 0 ? 0 : view.u8(typeAt);
      name(tensor.reference(TENSOR_NAME));
      data(element(buffers, buffer), type < TYPES.length ? TYPES[type] : ElementType.UNKNOWN);
    }

    private void data(FlatTable buffer, ElementType type) throws IOException {
      long offsetAt = buffer.field(BUFFER_OFFSET);
      long offset = offsetAt == 0 ? 0 : view.i64(offsetAt);
      if (offset > 1) { // models over 2 GiB have their buffers behind the FlatBuffer
        long sizeAt = buffer.field(BUFFER_SIZE);
        tensors.add(offset, sizeAt == 0 ? 0 : view.i64(sizeAt), type, name, name.mark());
        return;
      }
      long data = buffer.reference(BUFFER_DATA);
      if (data != 0) {
        tensors.add(data + Integer.BYTES, view.u32(data), type, name, name.mark());
      }
    }

    private void name(long at) throws IOException {
      name.clear();
      if (at != 0) {
        long start = at + Integer.BYTES;
        long length = view.u32(at);
        nameBytes += length;
        if (nameBytes > MAX_NAME_BYTES) {
          throw new Malformed("names of " + nameBytes + " bytes");
        }
        new Cursor(view, start, start + length).rest(name);
      }
    }
  }
}
