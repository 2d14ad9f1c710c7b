package dev.larder.codec.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.contract.CodecContract;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ZstdCodecTest extends CodecContract {

  @Override
  protected Codec codec() {
    return new ZstdCodec();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static BlockContext reference(byte[] bytes) {
    return new BlockContext(
        Optional.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer()),
        Optional.empty(),
        BlockAnnotation.NONE);
  }

  private static BlockContext dictionary(byte[] bytes) {
    return new BlockContext(
        Optional.empty(), Optional.of(ByteBuffer.wrap(bytes)), BlockAnnotation.NONE);
  }

  @Test
  void aBlockLikeItsReferenceTakesNextToNothing() throws IOException {
    byte[] before = random(65536, 1);
    byte[] after = before.clone();
    after[30_000]++;
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      ByteBuffer stored = ByteBuffer.allocate(70_000);
      assertThat(encoder.encode(ByteBuffer.wrap(after), reference(before), stored)).isLessThan(60);
      ByteBuffer target = ByteBuffer.allocate(65536);
      decoder.decode(stored.flip(), reference(before), target);
      assertThat(target.array()).isEqualTo(after);
    }
  }

  @Test
  void contextsDoNotLeakIntoTheNextBlock() throws IOException {
    byte[] block = random(20_000, 1);
    byte[] other = random(20_000, 2);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      BlockContext[] contexts = {
        reference(block),
        BlockContext.PLAIN,
        dictionary(block),
        reference(other),
        BlockContext.PLAIN,
        dictionary(block),
        dictionary(block),
        dictionary(new byte[0])
      };
      for (BlockContext context : contexts) {
        ByteBuffer stored = ByteBuffer.allocate(30_000);
        encoder.encode(ByteBuffer.wrap(block), context, stored);
        ByteBuffer target = ByteBuffer.allocate(20_000);
        try (BlockDecoder fresh = codec().newDecoder(1)) {
          fresh.decode(stored.flip(), context, target);
        }
        assertThat(target.array()).isEqualTo(block);
        target.clear();
        decoder.decode(stored, context, target);
        assertThat(target.array()).isEqualTo(block);
      }
    }
  }

  @Test
  void aReferenceThatLooksLikeADictionaryIsStillRawContent() throws IOException {
    byte[] before = random(30_000, 1);
    ByteBuffer.wrap(before).putInt(0, 0x37A430EC);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      ByteBuffer stored = ByteBuffer.allocate(40_000);
      assertThat(encoder.encode(ByteBuffer.wrap(before), reference(before), stored))
          .isBetween(1, 60);
      ByteBuffer target = ByteBuffer.allocate(30_000);
      decoder.decode(stored.flip(), reference(before), target);
      assertThat(target.array()).isEqualTo(before);
    }
  }

  @Test
  void aBlockWithoutItsReferenceIsRefused() throws IOException {
    byte[] before = random(30_000, 1);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      ByteBuffer stored = ByteBuffer.allocate(40_000);
      encoder.encode(ByteBuffer.wrap(before), reference(before), stored);
      stored.flip();
      assertThatThrownBy(
              () -> decoder.decode(stored, BlockContext.PLAIN, ByteBuffer.allocate(30_000)))
          .isInstanceOf(MalformedBlockException.class);
    }
  }

  @Test
  void aBlockOfZerosTakesFewBytes() throws IOException {
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL)) {
      ByteBuffer stored = ByteBuffer.allocate(100);
      assertThat(encoder.encode(ByteBuffer.allocate(65536), BlockContext.PLAIN, stored))
          .isBetween(1, 20);
    }
  }

  /** The whole contract once more, with a reference before each block. */
  @Nested
  final class WithReference extends CodecContract {

    private final BlockContext context = reference(random(65536, 9));

    @Override
    protected Codec codec() {
      return new ZstdCodec();
    }

    @Override
    protected BlockContext context() {
      return context;
    }
  }
}
