package dev.larder.bench;

import dev.larder.api.ArtifactKind;
import dev.larder.cli.CliException;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file, or the first part of a long one, in memory.
 *
 * @param file where the rest of it is
 * @param kind what a gateway is told that it is
 * @param bytes what is measured
 */
record Content(Path file, ArtifactKind kind, ByteBuffer bytes) {

  /** Takes blocks as they are cut. */
  interface Sink {
    void accept(ByteBuffer block, BlockAnnotation annotation);
  }

  /** Reads as much of a file as there is room for; the position of the room moves behind it. */
  static Content read(Path file, ArtifactKind kind, ByteBuffer room) throws CliException {
    int start = room.position();
    try (FileChannel channel = FileChannel.open(file)) {
      while (room.hasRemaining() && channel.read(room) >= 0) {
        // until there is no more of either
      }
    } catch (IOException e) {
      throw Corpus.unreadable(file, e);
    }
    return new Content(file, kind, room.slice(start, room.position() - start));
  }

  /** Its first bytes. */
  ByteBuffer head() {
    return bytes.slice(0, Math.min(bytes.limit(), ContentProbe.HEAD_BYTES)).asReadOnlyBuffer();
  }

  /** How well a chunker suits it. */
  int suitability(Chunker chunker) throws CliException {
    try (FileChannel channel = FileChannel.open(file)) {
      return chunker.suitability(probe(channel));
    } catch (IOException e) {
      throw Corpus.unreadable(file, e);
    }
  }

  /** Cuts it into blocks, which are views of {@link #bytes}. */
  void cut(Chunker chunker, Sink sink) throws CliException {
    try (FileChannel channel = FileChannel.open(file)) {
      BlockCutter cutter = chunker.newCutter(probe(channel), "");
      for (int at = 0; at < bytes.limit(); ) {
        int left = bytes.limit() - at;
        int window = Math.min(left, cutter.maxBlockBytes());
        Cut cut = cutter.next(bytes.slice(at, window), window == left);
        sink.accept(bytes.slice(at, cut.length()), cut.annotation());
        at += cut.length();
      }
    } catch (IOException e) {
      throw Corpus.unreadable(file, e);
    }
  }

  /** What a gateway knows of a file before it is cut. */
  private ContentProbe probe(FileChannel channel) throws IOException {
    return new ContentProbe(kind, OptionalLong.of(channel.size()), head(), Optional.of(channel));
  }
}
