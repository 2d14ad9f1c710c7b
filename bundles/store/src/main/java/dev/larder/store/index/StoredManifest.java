package dev.larder.store.index;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.store.Manifest;
import dev.larder.store.format.ManifestHead;

/**
 * A manifest as it was loaded.
 *
 * @param head what it begins with
 * @param list its blocks
 */
public record StoredManifest(ManifestHead head, BlockList list) implements Manifest {

  @Override
  public Digest digest() {
    return head.digest();
  }

  @Override
  public long size() {
    return head.size();
  }

  @Override
  public ArtifactKind kind() {
    return head.kind();
  }

  @Override
  public FormatId chunker() {
    return head.chunker();
  }

  @Override
  public String chunkerParameters() {
    return head.parameters();
  }

  @Override
  public int blocks() {
    return list.size();
  }

  @Override
  public Digest block(int index) {
    return list.hash(index);
  }

  @Override
  public int blockLength(int index) {
    return list.length(index);
  }

  @Override
  public long blockOffset(int index) {
    return list.offset(index);
  }
}
