package dev.larder.tiering.tier;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Lays out a tree of {@code proc} and {@code sys} from a text: {@code path = content} (with {@code
 * \n} for the end of a line) or {@code path -> target} of a symbolic link. Its first lines say
 * where the tree is from.
 */
public final class BoardTree {

  private BoardTree() {}

  public static DeviceScanner lay(String board, Path root) throws IOException {
    String resource = "/boards/" + board + ".tree";
    try (InputStream in = BoardTree.class.getResourceAsStream(resource);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(in, resource), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          line(line, root);
        }
      }
    }
    return new DeviceScanner(root);
  }

  private static void line(String line, Path root) throws IOException {
    int link = line.indexOf(" -> ");
    int file = line.indexOf(" =");
    Path path = root.resolve(line.substring(0, link > 0 ? link : file));
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    if (link > 0) {
      Files.createSymbolicLink(path, Path.of(line.substring(link + 4)));
    } else {
      Files.writeString(path, line.substring(file + 2).strip().replace("\\n", "\n"));
    }
  }
}
