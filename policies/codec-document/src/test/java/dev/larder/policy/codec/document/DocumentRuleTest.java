package dev.larder.policy.codec.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentRuleTest {

  private static List<String> rank(MediaClass medium, int cores, String... installed) {
    MediaProfile profile =
        new MediaProfile(medium, 100, 100_000_000, 100_000_000, 2, 1 << 20, 4096, 4096, 0, true);
    List<CodecFigures> codecs =
        Stream.of(installed).map(name -> new CodecFigures(name, 2, 1e9)).toList();
    return new DocumentRule().rank(new CodecRequest(profile, cores, ArtifactKind.MODEL, 0), codecs);
  }

  @ParameterizedTest
  @CsvSource({
    "SD,     1, zstd",
    "SD,     8, zstd",
    "NVME,   3, zstd",
    "NVME,   4, lz4",
    "NVME,   8, lz4",
    "EMMC,   8, zstd",
    "PMEM,   8, zstd",
    "OTHER,  8, zstd",
    "REMOTE, 2, gzip",
    "REMOTE, 8, gzip"
  })
  void theFirstIsTheOneThatTheDocumentNames(MediaClass medium, int cores, String first) {
    assertThat(rank(medium, cores, "gzip", "lz4", "planes", "zstd")).startsWith(first).hasSize(4);
  }

  @Test
  void whatIsNotInstalledIsPassedOver() {
    assertThat(rank(MediaClass.SD, 2, "gzip", "lz4")).containsExactly("lz4", "gzip");
    assertThat(rank(MediaClass.NVME, 8, "gzip", "zstd")).containsExactly("zstd", "gzip");
    assertThat(rank(MediaClass.REMOTE, 2)).isEmpty();
  }

  @Test
  void whatTheDocumentDoesNotKnowComesLast() {
    assertThat(rank(MediaClass.EMMC, 2, "planes", "other", "lz4"))
        .containsExactly("lz4", "planes", "other");
  }
}
