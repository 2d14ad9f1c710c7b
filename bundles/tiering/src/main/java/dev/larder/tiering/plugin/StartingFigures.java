package dev.larder.tiering.plugin;

import dev.larder.api.ArtifactKind;
import java.util.List;
import java.util.Map;

/**
 * What is taken for granted of a codec until it has been measured, so that the first block is
 * encoded well: seen on sample models and protocol files on a core of an x86-64 machine, see the
 * README of each codec. Of another codec nothing is taken for granted.
 *
 * @param protocol ratio on protocol data
 * @param model ratio on models, where the numbers have four or eight bytes or are not known
 * @param halves ratio on numbers of two bytes: between that of bf16 and that of fp16
 * @param bytes ratio on numbers of one byte
 * @param weak bytes per second that a core decodes of what is packed to more than half
 * @param strong bytes per second that a core decodes of what is packed to half or less
 */
record StartingFigures(
    double protocol, double model, double halves, double bytes, double weak, double strong) {

  /** Of a codec that nobody knows: until its ratio is measured it seems to gain nothing. */
  private static final StartingFigures UNKNOWN =
      new StartingFigures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1e9, 1e9);

  private static final Map<String, StartingFigures> OF =
      Map.of(
          "planes", new StartingFigures(4.53, 1.35, 1.35, 1.50, 1.25e9, 1.1e9),
          "zstd", new StartingFigures(4.53, 1.28, 1.17, 1.50, 1.25e9, 1.1e9),
          "lz4", new StartingFigures(3.10, 1.13, 1.00, 1.20, 4.2e9, 4.2e9),
          "gzip", new StartingFigures(4.73, 1.28, 1.17, 1.50, 0.25e9, 0.42e9));

  private static final List<String> FOR_NUMBERS = List.of("planes", "zstd", "lz4", "gzip");
  private static final List<String> FOR_TEXT = List.of("zstd", "planes", "lz4", "gzip");

  static StartingFigures of(String codec) {
    return OF.getOrDefault(codec, UNKNOWN);
  }

  /** The ratio on blocks of a kind; NaN if nothing is known of the codec. */
  double ratio(BlockKind kind) {
    if (kind.artifact() == ArtifactKind.PROTOCOL_DATA) {
      return protocol;
    }
    return switch (kind.elementBytes()) {
      case 1 -> bytes;
      case 2 -> halves;
      default -> model;
    };
  }

  /** Those that are known, the first before its equals: one that takes less time to encode. */
  static List<String> order(BlockKind kind) {
    return kind.artifact() == ArtifactKind.PROTOCOL_DATA ? FOR_TEXT : FOR_NUMBERS;
  }
}
