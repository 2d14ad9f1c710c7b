package dev.larder.api;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Bytes to be stored. Opened at most once. */
public interface Content {

  /** The length in bytes where it is known beforehand. A body of another length is refused. */
  OptionalLong size();

  /**
   * Opens the bytes. A {@link SeekableByteChannel} lets a chunker look ahead. The caller closes it.
   */
  ReadableByteChannel open() throws IOException;

  /** The content of a file, with its present length. */
  static Content of(Path file) {
    return new Content() {
      @Override
      public OptionalLong size() {
        try {
          return OptionalLong.of(Files.size(file));
        } catch (IOException e) {
          return OptionalLong.empty(); // open() reports it
        }
      }

      @Override
      public SeekableByteChannel open() throws IOException {
        return Files.newByteChannel(file);
      }
    };
  }

  /** A stream that can be read once. */
  static Content of(ReadableByteChannel channel, OptionalLong size) {
    return new Content() {
      @Override
      public OptionalLong size() {
        return size;
      }

      @Override
      public ReadableByteChannel open() {
        return channel;
      }
    };
  }
}
