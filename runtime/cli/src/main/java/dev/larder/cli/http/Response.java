package dev.larder.cli.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * An answer whose body is still to be read.
 *
 * @param status HTTP status
 * @param headers names in lower case
 * @param length of the body; negative if it is not known beforehand
 * @param body ends where the answer ends; {@link java.io.EOFException} if the connection ends
 *     before
 * @param connection closed with the response
 */
public record Response(
    int status, Map<String, String> headers, long length, InputStream body, Closeable connection)
    implements Closeable {
  /** A header; empty if it is not there. */
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
