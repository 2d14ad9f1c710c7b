package dev.larder.bench;

import dev.larder.cli.CliException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes blocks on this thread as a store does: in direct buffers, and a block whose
 * stored form is not enough shorter is stored as it is.
 */
final class CodecTrial {

  /** The gain that the store wants. */
  private static final double MOST_OF_RAW = 0.97;

  /** What is shorter is not measured but guessed. */
  private static final long VISIBLE_NANOS = 1_000_000;

  private final LongSupplier clock;
  private final long least;
  private final ByteBuffer room;

  /**
   * Trials.
   *
   * @param clock in nanoseconds
   * @param least how long each rate is measured, nanoseconds; one whole pass in any case
   * @param room for the stored forms: direct, as long as all blocks together
   */
  CodecTrial(LongSupplier clock, long least, ByteBuffer room) {
    this.clock = clock;
    this.least = least;
    this.room = room;
  }

  /**
   * What was seen.
   *
   * @param encodedBytes of all stored forms
   * @param encodeNanos of the fastest pass; 0 without a codec
   * @param decodeNanos of the fastest pass
   */
  record Result(long encodedBytes, long encodeNanos, long decodeNanos) {}

  private interface Pass {
    void run() throws IOException;
  }

  /** Without a codec, decoding is copying. */
  Result copy(BlockSet blocks) throws CliException {
    List<ByteBuffer> forms = blocks.unique().stream().map(BlockSet.Block::bytes).toList();
    try {
      return new Result(blocks.uniqueBytes(), 0, decodeAll(null, blocks, forms));
    } catch (IOException e) {
      throw failed("none", e);
    }
  }

  /** Tries a codec. */
  Result run(Codec codec, Codec.Effort effort, BlockSet blocks) throws CliException {
    List<ByteBuffer> forms = new ArrayList<>();
    try (BlockEncoder encoder = codec.newEncoder(effort);
        BlockDecoder decoder = codec.newDecoder(codec.id().version())) {
      long encodeNanos = fastest(() -> encodeAll(encoder, blocks, forms));
      long encoded = forms.stream().mapToLong(ByteBuffer::remaining).sum();
      return new Result(encoded, encodeNanos, decodeAll(decoder, blocks, forms));
    } catch (IOException e) {
      throw failed(codec.name(), e);
    }
  }

  private static CliException failed(String codec, IOException e) {
    return new CliException(
        "CORRUPT", "codec " + codec + " failed: " + e.getMessage(), "put no data into it");
  }

  private void encodeAll(BlockEncoder encoder, BlockSet blocks, List<ByteBuffer> forms)
      throws IOException {
    forms.clear();
    int at = 0;
    for (BlockSet.Block block : blocks.unique()) {
      int most = (int) (block.length() * MOST_OF_RAW);
      int bytes = BlockEncoder.DOES_NOT_FIT;
      if (most > 0) {
        bytes = encoder.encode(block.bytes(), block.context(), room.slice(at, most));
      }
      if (bytes == BlockEncoder.DOES_NOT_FIT) {
        forms.add(block.bytes());
      } else {
        forms.add(room.slice(at, bytes));
        at += bytes;
      }
    }
  }

  /** Compares what comes back, then measures. */
  private long decodeAll(@Nullable BlockDecoder decoder, BlockSet blocks, List<ByteBuffer> forms)
      throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(blocks.longest());
    for (int i = 0; i < forms.size(); i++) {
      BlockSet.Block block = blocks.unique().get(i);
      decode(decoder, block, forms.get(i), target);
      if (!target.flip().equals(block.bytes())) {
        throw new MalformedBlockException("block " + i + " is decoded to other bytes");
      }
    }
    return fastest(
        () -> {
          for (int i = 0; i < forms.size(); i++) {
            decode(decoder, blocks.unique().get(i), forms.get(i), target);
          }
        });
  }

  private static void decode(
      @Nullable BlockDecoder decoder, BlockSet.Block block, ByteBuffer form, ByteBuffer target)
      throws IOException {
    target.clear().limit(block.length());
    if (decoder == null || form == block.bytes()) {
      target.put(form.duplicate());
    } else {
      decoder.decode(form, BlockContext.PLAIN, target);
    }
  }

  /** Of many passes, as the least disturbed one is warm; so many at once that the clock sees it. */
  private long fastest(Pass pass) throws IOException {
    long fastest = Long.MAX_VALUE;
    long begin = clock.getAsLong();
    long end;
    int passes = 1;
    do {
      long start = clock.getAsLong();
      for (int i = 0; i < passes; i++) {
        pass.run();
      }
      end = clock.getAsLong();
      if (end - start < VISIBLE_NANOS) {
        passes *= 2;
      } else {
        fastest = Math.min(fastest, (end - start) / passes);
      }
    } while (fastest == Long.MAX_VALUE || end - begin < least);
    return fastest;
  }
}
