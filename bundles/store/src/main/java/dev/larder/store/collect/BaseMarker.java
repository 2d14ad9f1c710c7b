package dev.larder.store.collect;

import dev.larder.spi.media.Cancellation;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps what live deltas stand on: bases and dictionaries, named at the start of a stored form. */
final class BaseMarker {

  private final CollectedVolume volume;

  BaseMarker(CollectedVolume volume) {
    this.volume = volume;
  }

  void markBases(Cancellation cancellation) throws IOException {
    List<BlockLocation> deltas = new ArrayList<>();
    volume
        .table()
        .forEachAlive(
            (hash, location) -> {
              if ((location.form().flags() & StoredBlock.STORED_FLAGS) != 0) {
                deltas.add(location);
              }
            });
    PackBlocks blocks = volume.packBlocks();
    for (BlockLocation delta : deltas) {
      cancellation.check();
      blocks.standsOn(delta).forEach(volume.table()::mark);
    }
  }
}
