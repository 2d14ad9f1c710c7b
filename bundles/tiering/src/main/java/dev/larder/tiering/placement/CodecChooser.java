package dev.larder.tiering.placement;

import dev.larder.api.ArtifactKind;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.media.MediaClass;
import dev.larder.store.CodecChoice;
import dev.larder.store.Codecs;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which codec suits a medium: one that packs well where the medium is slow, one that costs little
 * where it is fast and cores are free for nothing better. Models are numbers, which byte planes
 * pack best and decode as fast as Zstandard does. What is not installed is passed over.
 */
public final class CodecChooser {

  private static final int MANY_CORES = 4;
  private static final String PLANES = "planes";

  /** Those that can use a reference block. */
  private static final List<String> DELTAS = List.of(PLANES, "zstd");

  /** The one that can use a dictionary. */
  private static final String DICTIONARIES = "zstd";

  private static final List<String> DENSE = List.of("zstd", "lz4", "gzip");
  private static final List<String> QUICK = List.of("lz4", "zstd", "gzip");

  private final Function<String, Optional<FormatId>> installed;
  private final int cores;
  private final Optional<String> wished;

  /**
   * A chooser.
   *
   * @param installed what the codec of a short name writes; empty if it is not there
   * @param cores of the machine
   * @param wished short name of the codec that goes before all others wherever it is installed
   */
  public CodecChooser(
      Function<String, Optional<FormatId>> installed, int cores, Optional<String> wished) {
    this.installed = installed;
    this.cores = cores;
    this.wished = wished;
  }

  /** The choice for a class of media, asked anew for each block: codecs come and go. */
  public CodecChoice choiceFor(MediaClass medium, ArtifactKind kind) {
    List<String> preferred = preferred(medium, kind);
    return new CodecChoice() {
      @Override
      public FormatId codecFor(BlockAnnotation annotation) {
        return choose(preferred);
      }

      @Override
      public Optional<FormatId> dictionaryCodec() {
        return installed.apply(DICTIONARIES);
      }

      @Override
      public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
        return Optional.of(choose(DELTAS)).filter(codec -> !codec.equals(Codecs.NONE));
      }
    };
  }

  private List<String> preferred(MediaClass medium, ArtifactKind kind) {
    boolean fast = medium == MediaClass.NVME || medium == MediaClass.PMEM;
    List<String> forText = fast && cores >= MANY_CORES ? QUICK : DENSE;
    Stream<String> forNumbers = kind == ArtifactKind.MODEL ? Stream.of(PLANES) : Stream.of();
    return Stream.concat(wished.stream(), Stream.concat(forNumbers, forText.stream())).toList();
  }

  private FormatId choose(List<String> preferred) {
    for (String name : preferred) {
      Optional<FormatId> codec = installed.apply(name);
      if (codec.isPresent()) {
        return codec.get();
      }
    }
    return Codecs.NONE;
  }
}
