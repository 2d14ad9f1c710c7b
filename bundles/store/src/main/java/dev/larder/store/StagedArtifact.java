package dev.larder.store;

import dev.larder.api.Digest;
import java.io.Closeable;

/**
 * An artifact whose blocks are on their way to the volume and which nobody can see yet. {@link
 * Volume#commit} makes it a replica; closing it without a commit gives its space back.
 */
public interface StagedArtifact extends Closeable {

  /** Digest of the content. */
  Digest digest();

  /** Size of the content. */
  long size();

  /** Blocks of the content. */
  int totalBlocks();

  /** Blocks that the volume did not have. */
  int newBlocks();

  /** Encoded bytes of the new blocks. */
  long storedBytes();

  /** Whether the volume has this artifact already, so that nothing needs to be added. */
  boolean present();

  /** Gives it up unless it was committed. Does nothing the second time. */
  @Override
  void close();
}
