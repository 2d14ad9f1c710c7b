package dev.larder.store;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Knows one codec: deflate, with what a reference or a dictionary holds in front. */
final class TestCodecs implements Codecs {

  static final FormatId DEFLATE = new FormatId("dev.larder.test.deflate", 1);

  volatile boolean missing;

  @Override
  public int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws LarderException {
    return encode(Deflater.BEST_SPEED, codec, block, context, target);
  }

  @Override
  public int encodeThoroughly(
      FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws LarderException {
    return encode(Deflater.BEST_COMPRESSION, codec, block, context, target);
  }

  private int encode(
      int level, FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws LarderException {
    require(codec);
    Optional<ByteBuffer> prefix = prefix(context);
    Deflater deflater = new Deflater(level, prefix.isPresent());
    try {
      prefix.ifPresent(before -> deflater.setDictionary(bytes(before)));
      deflater.setInput(block.duplicate());
      deflater.finish();
      int count = deflater.deflate(target);
      return deflater.finished() ? count : DOES_NOT_FIT;
    } finally {
      deflater.end();
    }
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws LarderException, MalformedBlockException {
    require(codec);
    Optional<ByteBuffer> prefix = prefix(context);
    Inflater inflater = new Inflater(prefix.isPresent());
    try {
      prefix.ifPresent(before -> inflater.setDictionary(bytes(before)));
      inflater.setInput(stored.duplicate());
      while (target.hasRemaining()) {
        if (inflater.inflate(target) == 0) {
          throw new MalformedBlockException("too short");
        }
      }
    } catch (DataFormatException e) {
      throw new MalformedBlockException("no deflate stream", e);
    } finally {
      inflater.end();
    }
  }

  /** The last of the samples, one behind the other. */
  @Override
  public Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes) {
    ByteBuffer dictionary = ByteBuffer.allocate(mostBytes);
    for (ByteBuffer sample : samples) {
      if (sample.remaining() <= dictionary.remaining()) {
        dictionary.put(sample.duplicate());
      }
    }
    return Optional.of(dictionary.flip());
  }

  private static Optional<ByteBuffer> prefix(BlockContext context) {
    return context.reference().or(context::dictionary);
  }

  private static byte[] bytes(ByteBuffer reference) {
    byte[] bytes = new byte[reference.remaining()];
    reference.duplicate().get(bytes);
    return bytes;
  }

  private void require(FormatId codec) throws LarderException {
    if (missing || !codec.equals(DEFLATE)) {
      throw new LarderException(ErrorCode.CODEC_MISSING, "no codec " + codec, "install it");
    }
  }
}
