package dev.larder.catalog;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;

/** What a commit record means to the catalog. */
public sealed interface CatalogChange {

  /** A replica is there. */
  record ReplicaAdded(ArtifactEntry artifact) implements CatalogChange {}

  /** A replica is gone. */
  record ReplicaDropped(Digest digest) implements CatalogChange {}

  /** A reference changed, or was deleted. */
  record Referenced(ReferenceChange change) implements CatalogChange {}
}
