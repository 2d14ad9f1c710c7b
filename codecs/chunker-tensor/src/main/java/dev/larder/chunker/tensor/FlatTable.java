package dev.larder.chunker.tensor;

import java.io.IOException;

/**
 * A table of a FlatBuffer: which fields it has, and where they lie, says a table of offsets that
 * tables may share. Source: <a href="https://flatbuffers.dev/internals/">FlatBuffers internals</a>.
 */
record FlatTable(ContentView view, long at, long offsets, int offsetBytes) {

  /** Offsets that come before those of fields: sizes of the table of offsets and of the table. */
  private static final int FIRST_OFFSET = 4;

  /** The table at this place. */
  static FlatTable at(ContentView view, long at) throws IOException {
    long offsets = at - view.i32(at);
    return new FlatTable(view, at, offsets, view.u16(offsets));
  }

  /** Where a field lies; 0 if the table does not have it. */
  long field(int index) throws IOException {
    int entry = FIRST_OFFSET + index * Short.BYTES;
    if (entry + Short.BYTES > offsetBytes) {
      return 0;
    }
    int offset = view.u16(offsets + entry);
    return offset == 0 ? 0 : at + offset;
  }

  /** Where what the field refers to lies: a table, or the length of a vector; 0 if nothing. */
  long reference(int index) throws IOException {
    long field = field(index);
    return field == 0 ? 0 : follow(view, field);
  }

  /** Where the reference at this place leads to. */
  static long follow(ContentView view, long at) throws IOException {
    return at + view.u32(at);
  }
}
