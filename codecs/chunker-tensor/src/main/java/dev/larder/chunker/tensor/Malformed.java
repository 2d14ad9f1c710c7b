package dev.larder.chunker.tensor;

import java.io.IOException;

/** The content is not what its first bytes promise, or not enough of it can be seen. */
final class Malformed extends IOException {

  private static final long serialVersionUID = 1L;

  Malformed(String message) {
    super(message);
  }

  /** It is an answer, thrown for any content of another kind: what led here is of no interest. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
