package dev.larder.tiering.placement;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A codec of any name that packs all blocks as far, and does not unpack them. */
final class FakeCodec implements Codec {

  final AtomicInteger encoded = new AtomicInteger();
  volatile boolean broken;
  private final String name;
  private final double ratio;

  FakeCodec(String name, double ratio) {
    this.name = name;
    this.ratio = ratio;
  }

  @Override
  public FormatId id() {
    return new FormatId("test.codec." + name, 1);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int maxEncodedLength(int rawLength) {
    return rawLength;
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new Encoder();
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    throw new AssertionError("nothing is read in these tests");
  }

  private final class Encoder implements BlockEncoder {

    @Override
    public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
      encoded.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("boom");
      }
      int length = (int) (source.remaining() / ratio);
      if (length > target.remaining()) {
        return DOES_NOT_FIT;
      }
      target.position(target.position() + length);
      return length;
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
