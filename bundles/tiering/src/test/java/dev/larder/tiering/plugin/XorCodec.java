package dev.larder.tiering.plugin;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A codec that turns bits over, counts its coders, and misbehaves on demand. */
final class XorCodec implements Codec {

  final AtomicInteger made = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  volatile Throwable failure;
  volatile boolean lies;
  private final FormatId id;

  XorCodec(FormatId id) {
    this.id = id;
  }

  @Override
  public FormatId id() {
    if (id == null) {
      throw new IllegalStateException("no idea");
    }
    return id;
  }

  @Override
  public String name() {
    return "xor";
  }

  @Override
  public int maxEncodedLength(int rawLength) {
    return rawLength;
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new Coder();
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    return new Coder();
  }

  private final class Coder implements BlockEncoder, BlockDecoder {

    private final AtomicBoolean closed = new AtomicBoolean();

    Coder() {
      made.incrementAndGet();
      open.incrementAndGet();
    }

    @Override
    public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
      if (source.remaining() > target.remaining()) {
        return DOES_NOT_FIT;
      }
      int length = source.remaining();
      flip(source, target);
      return lies ? length + 1 : length;
    }

    @Override
    public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
        throws MalformedBlockException {
      if (source.remaining() != target.remaining()) {
        throw new MalformedBlockException("another length");
      }
      if (!lies) {
        flip(source, target);
      }
    }

    private void flip(ByteBuffer source, ByteBuffer target) {
      if (closed.get()) {
        throw new IllegalStateException("used after it was closed");
      }
      target.put((byte) ~source.get());
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      while (source.hasRemaining()) {
        target.put((byte) ~source.get());
      }
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        open.decrementAndGet();
      }
    }
  }
}
