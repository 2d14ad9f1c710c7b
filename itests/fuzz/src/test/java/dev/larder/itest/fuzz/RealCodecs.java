package dev.larder.itest.fuzz;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.codec.gzip.GzipCodec;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.planes.PlanesCodec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import dev.larder.store.Codecs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The codecs that are shipped, for one thread. */
final class RealCodecs implements Codecs {

  static final List<Codec> ALL =
      List.of(new Lz4Codec(), new ZstdCodec(), new PlanesCodec(), new GzipCodec());

  /** What the golden files are encoded with. */
  private static final FormatId GOLDEN = new FormatId("dev.larder.test.deflate", 1);

  private final Map<FormatId, BlockEncoder> encoders = new HashMap<>();
  private final Map<FormatId, BlockDecoder> decoders = new HashMap<>();

  RealCodecs() {
    for (Codec codec : ALL) {
      encoders.put(codec.id(), codec.newEncoder(Codec.Effort.NORMAL));
      decoders.put(codec.id(), codec.newDecoder(codec.id().version()));
    }
  }

  @Override
  public int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    return there(encoders.get(codec), codec).encode(block, context, target);
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException {
    if (codec.equals(GOLDEN)) {
      inflate(stored, target);
    } else {
      there(decoders.get(codec), codec).decode(stored, context, target);
    }
  }

  @Override
  public Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes)
      throws IOException {
    for (Codec each : ALL) {
      if (each.id().equals(codec)) {
        return each.train(samples, mostBytes);
      }
    }
    return Optional.empty();
  }

  private static void inflate(ByteBuffer stored, ByteBuffer target) throws IOException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(stored.duplicate());
      while (target.hasRemaining()) {
        if (inflater.inflate(target) == 0) {
          throw new MalformedBlockException("too short");
        }
      }
    } catch (DataFormatException e) {
      throw new MalformedBlockException("not deflated", e);
    } finally {
      inflater.end();
    }
  }

  private static <T> T there(T found, FormatId codec) throws LarderException {
    if (found == null) {
      throw new LarderException(ErrorCode.CODEC_MISSING, "no codec " + codec, "install it");
    }
    return found;
  }
}
