package dev.larder.chunker.tensor;

import dev.larder.spi.chunking.ContentProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Optional;

/** Recognises a content. Any thread. */
final class TensorMaps {

  private static final List<TensorReader> READERS =
      List.of(
          new GgufReader(),
          new TfliteReader(),
          new TorchZipReader(),
          new SafetensorsReader(),
          new OnnxReader());

  private TensorMaps() {}

  /**
   * Where its tensors lie; empty if it is not soundly of a format that has them.
   *
   * @throws UncheckedIOException if the source cannot be put back to where it was: whoever reads it
   *     next would read something else
   */
  static Optional<TensorMap> of(ContentProbe probe) {
    if (probe.source().isEmpty()) {
      return look(probe);
    }
    SeekableByteChannel source = probe.source().get();
    try {
      long position = source.position();
      try {
        return look(probe);
      } finally {
        source.position(position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the position of the source is lost", e);
    }
  }

  private static Optional<TensorMap> look(ContentProbe probe) {
    try {
      ContentView view = ContentView.of(probe);
      for (TensorReader reader : READERS) {
        if (reader.claims(view)) {
          return Optional.of(reader.read(view));
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Most are Malformed, and that is an answer. For all others, too, the content can still be
      // cut without knowing its tensors; a source that fails will fail again when it is stored.
      return Optional.empty();
    }
  }
}
