package dev.larder.catalog;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What waits for the catalog's thread. */
sealed interface Work {

  /** How much room it takes in the queue. */
  default int weight() {
    return 1;
  }

  /** Bring a volume up to date. */
  record Synchronise(VolumeSnapshot snapshot) implements Work {}

  /** Apply changes. */
  record Apply(Position position, String tier, List<CatalogChange> changes) implements Work {
    @Override
    public int weight() {
      return Math.max(1, changes.size());
    }
  }

  /** Remove a volume. */
  record Forget(UUID volume) implements Work {}

  /** Add to the history of swaps. */
  record Swapped(SwapRecord swap) implements Work {}

  /** Throw everything away. */
  record Clear(CompletableFuture<Void> done) implements Work {}

  /** Tell when all before it is applied. */
  record Barrier(CompletableFuture<Void> passed) implements Work {}
}
