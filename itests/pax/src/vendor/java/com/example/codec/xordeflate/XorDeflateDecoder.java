package com.example.codec.xordeflate;

import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

final class XorDeflateDecoder implements BlockDecoder {

  static final int DISTANCE = 4;

  private final Inflater inflater = new Inflater(true);

  @Override
  public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
      throws MalformedBlockException {
    int start = target.position();
    inflater.reset();
    inflater.setInput(source.duplicate());
    int beyond;
    try {
      inflater.inflate(target);
      beyond = inflater.inflate(ByteBuffer.allocate(1)); // only the end mark may be left
    } catch (DataFormatException e) {
      throw new MalformedBlockException("not a deflate stream", e);
    }
    if (beyond > 0 || target.hasRemaining() || !inflater.finished()) {
      throw new MalformedBlockException("the stream holds another number of bytes");
    }
    for (int i = start + DISTANCE; i < target.limit(); i++) {
      target.put(i, (byte) (target.get(i) ^ target.get(i - DISTANCE)));
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
