package dev.larder.cli.http;

import java.io.IOException;
import java.io.OutputStream;

/** What a request sends. */
public interface Body {
  /** Length in bytes; negative if it is not known beforehand, then the body is sent in chunks. */
  long length();

  /** Content type. */
  String type();

  /**
   * Writes the bytes, exactly {@link #length()} if that is known. An exception cuts the connection,
   * so that the gateway sees an incomplete body and drops it.
   */
  void writeTo(OutputStream out) throws IOException;
}
