package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.ManifestReader;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Finds out what only one artifact uses. */
public final class ExclusiveBytes {

  private final Journal journal;
  private final ManifestReader manifests;
  private final BlockTable table;

  /** Of one volume. */
  public ExclusiveBytes(Journal journal, ManifestReader manifests, BlockTable table) {
    this.journal = journal;
    this.manifests = manifests;
    this.table = table;
  }

  /** Encoded bytes of the blocks that no other replica has. */
  public long of(CommitRecord.Added artifact) throws IOException {
    Map<Digest, Integer> numbers = new HashMap<>();
    manifests.read(artifact, (hash, length) -> numbers.putIfAbsent(hash, numbers.size()));
    BitSet shared = new BitSet();
    for (CommitRecord.Added other : journal.added()) {
      if (!other.artifact().digest().equals(artifact.artifact().digest())) {
        manifests.read(
            other,
            (hash, length) -> {
              Integer number = numbers.get(hash);
              if (number != null) {
                shared.set(number);
              }
            });
      }
    }
    long bytes = 0;
    for (Map.Entry<Digest, Integer> block : numbers.entrySet()) {
      BlockLocation location = shared.get(block.getValue()) ? null : table.find(block.getKey());
      bytes += location == null ? 0 : location.form().stored();
    }
    return bytes;
  }
}
