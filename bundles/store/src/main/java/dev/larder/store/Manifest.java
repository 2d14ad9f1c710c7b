package dev.larder.store;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;

/** The list of an artifact's blocks, as loaded from a volume. Immutable; 36 bytes a block. */
public interface Manifest {

  /** Digest of the content. */
  Digest digest();

  /** Size of the content. */
  long size();

  /** What it is. */
  ArtifactKind kind();

  /** What cut it. */
  FormatId chunker();

  /** The cutter's parameters. */
  String chunkerParameters();

  /** How many blocks. */
  int blocks();

  /** SHA-256 of a block. */
  Digest block(int index);

  /** Unencoded length of a block. */
  int blockLength(int index);

  /** Offset of a block within the artifact. */
  long blockOffset(int index);
}
