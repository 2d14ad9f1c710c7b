package dev.larder.cli.gateway;

import com.google.gson.JsonObject;
import dev.larder.cli.http.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A small JSON document to be sent. */
final class JsonBody implements Body {
  private final byte[] bytes;

  JsonBody(JsonObject document) {
    bytes = document.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public String type() {
    return "application/json";
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }
}
