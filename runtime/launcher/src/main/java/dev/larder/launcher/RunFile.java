package dev.larder.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * {@code run/gateway.json}: says to other processes that the gateway is ready, and where it is.
 * Written at one go; absent while the gateway is not ready.
 */
final class RunFile {
  private final Path file;

  RunFile(Path file) {
    this.file = file;
  }

  void write(long pid, @Nullable String url, String version, Path home) throws IOException {
    StringBuilder json = new StringBuilder("{\"pid\":").append(pid);
    if (url != null) {
      json.append(",\"url\":").append(quote(url));
    }
    json.append(",\"version\":").append(quote(version));
    json.append(",\"home\":").append(quote(home.toString())).append("}\n");
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.write(temporary, json.toString().getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  private static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
