package dev.larder.cli.command;

import dev.larder.cli.CliException;
import dev.larder.cli.Progress;
import dev.larder.cli.gateway.SourceException;
import dev.larder.cli.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Standard input up to its end. */
record StreamBody(InputStream in, Progress progress) implements Body {
  private static final int BUFFER = 128 * 1024;

  @Override
  public long length() {
    return -1;
  }

  @Override
  public String type() {
    return "application/octet-stream";
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      out.write(buffer, 0, n);
      progress.add(n);
    }
  }

  private int read(byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new SourceException(
          new CliException("IO_ERROR", "cannot read standard input: " + e.getMessage(), ""));
    }
  }
}
