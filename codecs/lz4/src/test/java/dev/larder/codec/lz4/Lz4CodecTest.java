package dev.larder.codec.lz4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.contract.CodecContract;
import dev.larder.spi.codec.Codec;
import org.junit.jupiter.api.Test;

final class Lz4CodecTest extends CodecContract {

  @Override
  protected Codec codec() {
    return new Lz4Codec();
  }

  @Test
  void theNativeLibraryIsInUse() {
    assertThat(new Lz4Codec().nativeLibrary()).isTrue();
    assertThat(new Lz4Codec(false).nativeLibrary()).isFalse();
  }
}
