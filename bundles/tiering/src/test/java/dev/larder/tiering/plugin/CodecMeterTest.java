package dev.larder.tiering.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.api.ArtifactKind;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.CodecFigures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CodecMeterTest {

  private static final BlockKind HALVES = new BlockKind(ArtifactKind.MODEL, 2);
  private static final BlockKind FLOATS = new BlockKind(ArtifactKind.MODEL, 4);
  private static final BlockKind TEXT = new BlockKind(ArtifactKind.PROTOCOL_DATA, 0);
  private static final int BLOCK = 64 << 10;

  private final CodecMeter meter = new CodecMeter();

  private double rate(BlockKind kind, String codec) {
    return meter.figures(kind, codec).decodeBytesPerSecond();
  }

  private void decode(int times, String codec, int stored, long nanos) {
    for (int i = 0; i < times; i++) {
      meter.decoded(codec, BLOCK, stored, nanos);
    }
  }

  @Test
  void whatIsNeverUsedKeepsItsFirstFigures() {
    CodecFigures before = meter.figures(FLOATS, "gzip");
    for (int i = 0; i < 100; i++) {
      meter.encoded(FLOATS, "zstd", BLOCK, BLOCK);
    }
    decode(10_000, "zstd", BLOCK, 1_000_000);
    assertThat(meter.figures(FLOATS, "gzip")).isEqualTo(before);
    assertThat(meter.figures(HALVES, "zstd").ratio()).isEqualTo(1.17);
  }

  @Test
  void aCodecThatNobodyKnowsGainsNothingBeforeItIsMeasured() {
    assertThat(meter.figures(TEXT, "other").ratio()).isEqualTo(1);
    meter.encoded(TEXT, "other", BLOCK, BLOCK / 4);
    assertThat(meter.figures(TEXT, "other").ratio()).isEqualTo(4);
    assertThat(meter.figures(FLOATS, "other").ratio()).isEqualTo(1);
  }

  @Test
  void ratiosFollowTheContentOfTheirKind() {
    for (int i = 0; i < 40; i++) {
      meter.encoded(HALVES, "planes", BLOCK, BLOCK / 2);
    }
    assertThat(meter.figures(HALVES, "planes").ratio()).isCloseTo(2, within(0.01));
    assertThat(meter.figures(FLOATS, "planes").ratio()).isEqualTo(1.35);
  }

  @Test
  void oneBlockDoesNotTurnAMean() {
    meter.encoded(FLOATS, "planes", BLOCK, BLOCK / 100);
    assertThat(meter.figures(FLOATS, "planes").ratio()).isLessThan(3);
  }

  @Test
  void aDecoderThatIsNotCompiledYetIsNotMeasured() {
    double before = rate(FLOATS, "planes");
    decode(CodecMeter.WARM_UP, "planes", BLOCK * 3 / 4, 1_000_000);
    assertThat(rate(FLOATS, "planes")).isEqualTo(before);
    decode(10_000, "planes", BLOCK * 3 / 4, BLOCK);
    assertThat(rate(FLOATS, "planes")).isCloseTo(1e9, within(1e7));
  }

  @Test
  void ratesAreThoseOfBlocksThatArePackedAsFar() {
    decode(10_000, "zstd", BLOCK * 3 / 4, BLOCK);
    decode(10_000, "zstd", BLOCK / 4, BLOCK / 2);
    assertThat(rate(FLOATS, "zstd")).isCloseTo(1e9, within(1e7));
    assertThat(rate(TEXT, "zstd")).isCloseTo(2e9, within(1e7));
  }

  @Test
  void callsThatWereInterruptedCountLittle() {
    decode(CodecMeter.WARM_UP, "zstd", BLOCK * 3 / 4, BLOCK);
    for (int i = 0; i < 200; i++) {
      decode(CodecMeter.ONE_IN - 1, "zstd", BLOCK * 3 / 4, BLOCK);
      decode(1, "zstd", BLOCK * 3 / 4, i % 60 == 0 ? 600L * BLOCK : BLOCK);
    }
    assertThat(rate(FLOATS, "zstd")).isBetween(0.8e9, 1.1e9);
  }

  @Test
  void smallBlocksAreNotMeasured() {
    double before = rate(TEXT, "zstd");
    for (int i = 0; i < 10_000; i++) {
      meter.decoded("zstd", 1000, 200, 1_000_000);
    }
    assertThat(rate(TEXT, "zstd")).isEqualTo(before);
  }

  @Test
  void knownCodecsComeFirstInTheOrderOfTheirKind() {
    List<String> codecs = List.of("another", "gzip", "planes", "zstd");
    assertThat(meter.startingOrder(FLOATS, codecs))
        .containsExactly("planes", "zstd", "gzip", "another");
    assertThat(meter.startingOrder(TEXT, codecs))
        .containsExactly("zstd", "planes", "gzip", "another");
  }

  @Test
  void thereAreFewKindsWhateverAChunkerSays() {
    assertThat(BlockKind.of(ArtifactKind.MODEL, new BlockAnnotation(2, 1, "w", "BF16")))
        .isEqualTo(HALVES);
    assertThat(BlockKind.of(ArtifactKind.MODEL, new BlockAnnotation(77, 0, "", "?")))
        .isEqualTo(new BlockKind(ArtifactKind.MODEL, 0));
  }

  @Test
  void theRegistryMeasuresWhatStandsAloneByItsClock() throws IOException {
    AtomicLong now = new AtomicLong();
    CodecRegistry registry =
        new CodecRegistry(1, Duration.ofSeconds(1), () -> now.getAndAdd(2L * BLOCK));
    FormatId format = new FormatId("test.codec.xor", 1);
    registry.added(new XorCodec(format), "b 1.0", 0);
    ByteBuffer stored = ByteBuffer.allocate(BLOCK);
    BlockContext delta =
        new BlockContext(
            Optional.of(ByteBuffer.allocate(9)), Optional.empty(), BlockAnnotation.NONE);
    for (int i = 0; i < 6_000; i++) {
      registry.decode(format, stored, delta, ByteBuffer.allocate(BLOCK));
    }
    assertThat(registry.meter().figures(FLOATS, "xor").decodeBytesPerSecond()).isEqualTo(1e9);
    for (int i = 0; i < 6_000; i++) {
      registry.decode(format, stored, BlockContext.PLAIN, ByteBuffer.allocate(BLOCK));
    }
    assertThat(registry.meter().figures(FLOATS, "xor").decodeBytesPerSecond())
        .isCloseTo(0.5e9, within(1e7));
  }
}
