package com.example.codec.xordeflate;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

final class XorDeflateEncoder implements BlockEncoder {

  private final Deflater deflater;
  private byte[] scratch = new byte[0];

  XorDeflateEncoder(int level) {
    deflater = new Deflater(level, true);
  }

  @Override
  public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) {
    int length = source.remaining();
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    source.get(source.position(), scratch, 0, length);
    for (int i = length - 1; i >= XorDeflateDecoder.DISTANCE; i--) {
      scratch[i] ^= scratch[i - XorDeflateDecoder.DISTANCE];
    }
    deflater.reset();
    deflater.setInput(scratch, 0, length);
    deflater.finish();
    int start = target.position();
    deflater.deflate(target);
    if (!deflater.finished()) {
      target.position(start);
      return DOES_NOT_FIT;
    }
    return target.position() - start;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
