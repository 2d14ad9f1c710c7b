package dev.larder.codec.gzip;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.util.zip.Deflater;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Each block as one gzip member (RFC 1952): slow, and readable by everything, everywhere, for ever.
 * For archives.
 */
@Capability(namespace = Codec.NAME, name = GzipCodec.SHORT_NAME, version = "1.0.0")
@Component(service = Codec.class, property = Codec.NAME + "=" + GzipCodec.SHORT_NAME)
public final class GzipCodec implements Codec {

  static final String SHORT_NAME = "gzip";

  private static final FormatId ID = new FormatId("dev.larder.codec.gzip", 1);

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public int maxEncodedLength(int rawLength) {
    // Bytes that do not compress are stored in parts with 5 bytes each (zlib's deflateBound).
    return rawLength
        + (rawLength >> 12)
        + (rawLength >> 14)
        + (rawLength >> 25)
        + 13
        + GzipMember.OVERHEAD;
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new GzipEncoder(
        effort == Effort.HIGH ? Deflater.BEST_COMPRESSION : Deflater.DEFAULT_COMPRESSION);
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    if (!decodes(formatVersion)) {
      throw new IllegalArgumentException("no version of gzip blocks: " + formatVersion);
    }
    return new GzipDecoder();
  }
}
