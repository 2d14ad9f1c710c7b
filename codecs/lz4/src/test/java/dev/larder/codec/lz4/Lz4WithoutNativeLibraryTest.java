package dev.larder.codec.lz4;

import dev.larder.contract.CodecContract;
import dev.larder.spi.codec.Codec;

final class Lz4WithoutNativeLibraryTest extends CodecContract {

  @Override
  protected Codec codec() {
    return new Lz4Codec(false);
  }
}
