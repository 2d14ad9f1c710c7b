package com.example.codec.xordeflate;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import org.osgi.service.component.annotations.Component;

/**
 * A codec as a vendor would write it, with nothing but the API bundle to build against: each byte
 * is combined with the one four bytes before it by exclusive or, so that neighbouring 32-bit
 * numbers differ in few bits, and the outcome is deflated.
 */
@Component(property = Codec.NAME + "=" + XorDeflateCodec.SHORT_NAME)
public final class XorDeflateCodec implements Codec {

  static final String SHORT_NAME = "xordeflate";

  private static final FormatId ID = new FormatId("com.example.codec.xordeflate", 1);

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
    return rawLength + rawLength / 1000 + 64; // deflate stores what does not shrink
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new XorDeflateEncoder(effort == Effort.HIGH ? 9 : 1);
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    return new XorDeflateDecoder();
  }
}
