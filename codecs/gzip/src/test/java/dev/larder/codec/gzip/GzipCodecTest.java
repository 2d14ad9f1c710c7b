package dev.larder.codec.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.contract.CodecContract;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class GzipCodecTest extends CodecContract {

  @Override
  protected Codec codec() {
    return new GzipCodec();
  }

  @Test
  void anyGzipToolReadsABlock() throws IOException {
    byte[] block =
        "SG_ Speed : 0|16@1+".repeat(500).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteBuffer target = ByteBuffer.allocate(4096);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.HIGH)) {
      int length = encoder.encode(ByteBuffer.wrap(block), BlockContext.PLAIN, target);
      assertThat(length).isLessThan(200);
      try (GZIPInputStream in =
          new GZIPInputStream(new ByteArrayInputStream(target.array(), 0, length))) {
        assertThat(in.readAllBytes()).isEqualTo(block);
      }
    }
  }
}
