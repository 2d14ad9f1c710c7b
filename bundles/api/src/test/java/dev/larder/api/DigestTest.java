package dev.larder.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void isTheSha256OfTheContentInHex() throws Exception {
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.US_ASCII));

    assertThat(Digest.of(sha256)).hasToString(ABC).isEqualTo(Digest.parse(ABC));
    assertThat(Digest.of(sha256).toBytes()).isEqualTo(sha256);
  }

  @Test
  void isReadAndWrittenTheSameInBothByteOrders() {
    ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    Digest.parse(ABC).write(buffer);
    buffer.order(ByteOrder.BIG_ENDIAN);
    Digest.parse(ABC).write(buffer);
    buffer.flip();

    assertThat(Digest.read(buffer)).hasToString(ABC);
    assertThat(Digest.read(buffer)).hasToString(ABC);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ba7816", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
