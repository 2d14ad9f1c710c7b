package dev.larder.catalog;

import java.util.Optional;
import java.util.UUID;

/**
 * Where the catalog gets a volume's truth from when what it has is in doubt: its database was
 * damaged, or changes came faster than it could take them.
 */
@FunctionalInterface
public interface SnapshotSource {

  /**
   * All that the catalog should know of a volume; empty if the volume is not attached now. Called
   * on the catalog's own thread, so it must not wait for the catalog.
   *
   * <p>The position is to be read before the content: a change that is in the content and is
   * applied once more does no harm, one that is missed does.
   */
  Optional<VolumeSnapshot> snapshot(UUID volume);
}
