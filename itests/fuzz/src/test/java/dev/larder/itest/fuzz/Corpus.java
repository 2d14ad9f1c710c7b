package dev.larder.itest.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The stored inputs of each target, where Jazzer looks for them, too. */
final class Corpus {

  private Corpus() {}

  /** All inputs of a target; at least one. */
  static List<byte[]> of(Decoder decoder) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (Path file : files(decoder)) {
      inputs.add(Files.readAllBytes(file));
    }
    return inputs;
  }

  static List<Path> files(Decoder decoder) throws IOException {
    URL folder = Corpus.class.getResource("DecodersFuzzTestInputs/" + decoder.method());
    if (folder == null) {
      throw new IOException("no stored input for " + decoder.method());
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** A stored input by its name. */
  static byte[] input(Decoder decoder, String name) {
    String path = "DecodersFuzzTestInputs/" + decoder.method() + "/" + name;
    try (InputStream in = Corpus.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no input " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
