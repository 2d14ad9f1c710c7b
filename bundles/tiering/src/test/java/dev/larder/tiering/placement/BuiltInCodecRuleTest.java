package dev.larder.tiering.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.media.MediaClass;
import dev.larder.tiering.plugin.BlockKind;
import dev.larder.tiering.plugin.CodecMeter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInCodecRuleTest {

  private static final List<String> ALL = List.of("gzip", "lz4", "planes", "zstd");

  private static CodecFigures codec(String name, double ratio, double megabytes) {
    return new CodecFigures(name, ratio, megabytes * 1e6);
  }

  private static List<String> rank(double megabytes, int cores, CodecFigures... codecs) {
    CodecRequest request =
        new CodecRequest(Media.of(MediaClass.NVME, megabytes), cores, ArtifactKind.MODEL, 0);
    return new BuiltInCodecRule().rank(request, List.of(codecs));
  }

  /** What is chosen before anything has been measured. */
  @ParameterizedTest
  @CsvSource({
    "MODEL,         0, 3500, 1, planes",
    "MODEL,         0, 3500, 2, planes",
    "MODEL,         0, 3500, 4, planes",
    "MODEL,         1, 3500, 2, planes",
    "MODEL,         2, 3500, 2, planes",
    "MODEL,         4, 3500, 8, planes",
    "MODEL,         2,  300, 4, planes",
    "MODEL,         1,  300, 1, planes",
    "MODEL,         1,  104, 2, planes",
    "MODEL,         8,  104, 2, planes",
    "PROTOCOL_DATA, 0, 3500, 1, lz4",
    "PROTOCOL_DATA, 0, 3500, 2, zstd",
    "PROTOCOL_DATA, 0, 3500, 8, zstd",
    "PROTOCOL_DATA, 0,  300, 4, zstd",
    "PROTOCOL_DATA, 0,  104, 2, zstd",
    "PROTOCOL_DATA, 4,  104, 2, zstd"
  })
  void startingFiguresChooseWell(
      ArtifactKind kind, int elementBytes, double megabytes, int cores, String first) {
    CodecMeter meter = new CodecMeter();
    BlockKind blocks = new BlockKind(kind, elementBytes);
    List<CodecFigures> codecs =
        meter.startingOrder(blocks, ALL).stream().map(name -> meter.figures(blocks, name)).toList();
    CodecRequest request =
        new CodecRequest(Media.of(MediaClass.NVME, megabytes), cores, kind, elementBytes);
    assertThat(new BuiltInCodecRule().rank(request, codecs))
        .startsWith(first)
        .containsExactlyInAnyOrderElementsOf(ALL);
  }

  @Test
  void onASlowMediumTheSmallestIsTheCheapest() {
    assertThat(
            rank(100, 2, codec("quick", 2, 4000), codec("small", 3, 300), codec("least", 1, 9e9)))
        .containsExactly("small", "quick", "least");
  }

  @Test
  void onAFastMediumWhatDecodesTooSlowlyCostsMore() {
    assertThat(rank(3500, 2, codec("small", 3, 300), codec("quick", 2, 1000)))
        .containsExactly("quick", "small");
  }

  @Test
  void moreCoresMakeTheSmallerOneCheapEnough() {
    assertThat(rank(3500, 8, codec("quick", 2, 1000), codec("small", 3, 300)))
        .containsExactly("small", "quick");
  }

  @Test
  void decodingFasterThanASwapCanBeSavesNothing() {
    assertThat(rank(10_000, 2, codec("fastest", 1.5, 9000), codec("smaller", 2, 700)))
        .containsExactly("smaller", "fastest");
  }

  @Test
  void equalsStayAsTheyWere() {
    assertThat(rank(100, 2, codec("a", 2.00, 1000), codec("b", 2.10, 1000))).startsWith("a");
    assertThat(rank(100, 2, codec("b", 2.10, 1000), codec("a", 2.00, 1000))).startsWith("b");
    assertThat(rank(100, 2, codec("a", 2.00, 1000), codec("b", 2.20, 1000))).startsWith("b");
  }

  @Test
  void nothingInstalledIsNothingRanked() {
    assertThat(rank(100, 2)).isEmpty();
  }
}
