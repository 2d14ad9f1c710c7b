package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.FormatId;
import dev.larder.cli.CliException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class CodecTrialTest {

  private static CodecTrial trial() {
    return new CodecTrial(System::nanoTime, 0, ByteBuffer.allocateDirect(1000));
  }

  private static BlockSet block(int length) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    return new BlockSet(length, List.of(new BlockSet.Block(bytes, BlockContext.PLAIN)));
  }

  @Test
  void aCodecThatGivesBackOtherBytesIsFound() {
    assertThatThrownBy(() -> trial().run(new Halves((byte) 1), Codec.Effort.NORMAL, block(100)))
        .hasMessage("codec halves failed: block 0 is decoded to other bytes");
  }

  @Test
  void whatDoesNotGetShorterCountsAsItIs() throws CliException {
    Codec codec = new Halves((byte) 0);
    assertThat(trial().run(codec, Codec.Effort.NORMAL, block(100)).encodedBytes()).isEqualTo(50);
    assertThat(trial().run(codec, Codec.Effort.NORMAL, block(1)).encodedBytes()).isEqualTo(1);
    assertThat(trial().copy(block(100)).encodedBytes()).isEqualTo(100);
  }

  @Test
  void aBlockThatIsDoneBetweenTwoTicksHasARate() throws CliException {
    AtomicLong calls = new AtomicLong();
    LongSupplier ticks = () -> calls.incrementAndGet() / 7 * 10_000_000; // 10 ms
    CodecTrial trial = new CodecTrial(ticks, 0, ByteBuffer.allocateDirect(1000));
    CodecTrial.Result result = trial.run(new Halves((byte) 0), Codec.Effort.NORMAL, block(100));
    assertThat(result.encodeNanos()).isPositive();
    assertThat(result.decodeNanos()).isPositive();
  }

  /** Writes half as many bytes, and reads a block of one byte over and over. */
  private record Halves(byte value) implements Codec {
    @Override
    public FormatId id() {
      return new FormatId("test.halves", 1);
    }

    @Override
    public String name() {
      return "halves";
    }

    @Override
    public int maxEncodedLength(int rawLength) {
      return rawLength;
    }

    @Override
    public BlockEncoder newEncoder(Effort effort) {
      return new BlockEncoder() {
        @Override
        public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
          int bytes = source.remaining() / 2;
          target.position(bytes);
          return bytes;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public BlockDecoder newDecoder(int formatVersion) {
      return new BlockDecoder() {
        @Override
        public void decode(ByteBuffer source, BlockContext context, ByteBuffer target) {
          while (target.hasRemaining()) {
            target.put(value);
          }
        }

        @Override
        public void close() {}
      };
    }
  }
}
