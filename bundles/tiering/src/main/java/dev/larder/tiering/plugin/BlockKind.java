package dev.larder.tiering.plugin;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.chunking.BlockAnnotation;

/**
 * What is known of a block before it is encoded. There are ten kinds, whatever chunkers say.
 *
 * @param artifact what it is a part of
 * @param elementBytes size of the numbers in it: 1, 2, 4, 8; 0 if not known
 */
public record BlockKind(ArtifactKind artifact, int elementBytes) {

  /** The kind of a block that a chunker has found something out about, or not. */
  public static BlockKind of(ArtifactKind artifact, BlockAnnotation annotation) {
    return switch (annotation.elementBytes()) {
      case 1, 2, 4, 8 -> new BlockKind(artifact, annotation.elementBytes());
      default -> new BlockKind(artifact, 0);
    };
  }
}
