package dev.larder.chunker.tensor;

import java.io.IOException;

/** Finds the tensors of one file format. Stateless; any thread. */
interface TensorReader {

  /** Whether the first bytes look so. */
  boolean claims(ContentView view) throws IOException;

  /**
   * The tensors, all of them within the content.
   *
   * @throws IOException if it is not soundly this format, or not enough of it can be seen
   */
  TensorMap read(ContentView view) throws IOException;
}
