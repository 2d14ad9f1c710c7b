package dev.larder.itest.kernels;

import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.planes.PlanesCodec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One core encodes and decodes 16 MiB of weights in blocks of 64 KiB, in direct buffers as the
 * store does it: operations a second times 16 are MiB of plain content a second.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(value = 1, jvmArgs = "-Xmx256m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockCodecBenchmark {

  private static final int BLOCK = 64 << 10;
  private static final int BLOCKS = 256;

  @Param({"planes", "zstd", "lz4"})
  public String codec;

  @Param({"bf16", "fp16", "fp32", "int8"})
  public String data;

  private BlockEncoder encoder;
  private BlockDecoder decoder;
  private final List<ByteBuffer> blocks = new ArrayList<>();
  private final List<ByteBuffer> stored = new ArrayList<>();
  private final ByteBuffer target = ByteBuffer.allocateDirect(2 * BLOCK);

  /** Encodes all blocks once, for the decoder. */
  @Setup
  public void prepare() throws IOException {
    Codec chosen =
        switch (codec) {
          case "planes" -> new PlanesCodec();
          case "zstd" -> new ZstdCodec();
          default -> new Lz4Codec();
        };
    encoder = chosen.newEncoder(Codec.Effort.NORMAL);
    decoder = chosen.newDecoder(chosen.id().version());
    byte[] weights = Weights.of(data);
    long bytes = 0;
    for (int i = 0; i < BLOCKS; i++) {
      int from = (int) ((long) i * BLOCK % (weights.length - BLOCK)) & ~3;
      blocks.add(ByteBuffer.allocateDirect(BLOCK).put(weights, from, BLOCK).flip());
      target.clear();
      int length = encoder.encode(blocks.get(i).duplicate(), BlockContext.PLAIN, target);
      if (length < 1) {
        throw new IllegalStateException(codec + " cannot encode " + data);
      }
      stored.add(ByteBuffer.allocateDirect(length).put(target.flip()).flip());
      bytes += length;
    }
    System.out.printf("ratio of %s on %s: %.3f%n", codec, data, (double) BLOCKS * BLOCK / bytes);
  }

  /** Decodes all blocks. */
  @Benchmark
  public int decode() throws IOException {
    int sum = 0;
    for (ByteBuffer form : stored) {
      target.clear().limit(BLOCK);
      decoder.decode(form.duplicate(), BlockContext.PLAIN, target);
      sum += target.position();
    }
    return sum;
  }

  /** Encodes all blocks. */
  @Benchmark
  public int encode() throws IOException {
    int sum = 0;
    for (ByteBuffer block : blocks) {
      target.clear();
      sum += encoder.encode(block.duplicate(), BlockContext.PLAIN, target);
    }
    return sum;
  }

  /** Closes what is native. */
  @TearDown
  public void close() {
    encoder.close();
    decoder.close();
  }
}
