package dev.larder.cli.command;

import dev.larder.cli.Progress;
import dev.larder.cli.http.Body;
import java.io.IOException;
import java.io.OutputStream;

/** The content of one file. */
record FileBody(Source source, Progress progress) implements Body {
  @Override
  public long length() {
    return source.size();
  }

  @Override
  public String type() {
    return "application/octet-stream";
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    source.writeTo(out, progress::add);
  }
}
