package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.pack.PackFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    for (BlockLocation delta : deltas) {
      cancellation.check();
      ByteBuffer prefix = ByteBuffer.allocate(delta.form().prefixBytes());
      try (PackFiles.Lease lease = volume.files().lease(delta.pack())) {
        lease.read(prefix, delta.offset(), cancellation);
      }
      prefix.flip();
      while (prefix.remaining() >= Digest.LENGTH) {
        volume.table().mark(Digest.read(prefix));
      }
    }
  }
}
