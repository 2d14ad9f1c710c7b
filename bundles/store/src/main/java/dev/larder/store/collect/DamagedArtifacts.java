package dev.larder.store.collect;

import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackGoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the artifacts that known damage concerns. */
public final class DamagedArtifacts {

  private final Journal journal;
  private final ManifestReader manifests;
  private final BlockTable table;
  private final Damage damage;

  /** Of one volume. */
  public DamagedArtifacts(
      Journal journal, ManifestReader manifests, BlockTable table, Damage damage) {
    this.journal = journal;
    this.manifests = manifests;
    this.table = table;
    this.damage = damage;
  }

  /** Those whose manifest or one of whose blocks is damaged or missing; reads all manifests. */
  public List<ArtifactEntry> find(Cancellation cancellation) throws IOException {
    List<ArtifactEntry> damaged = new ArrayList<>();
    if (!damage.any()) {
      return damaged;
    }
    for (CommitRecord.Added added : journal.added()) {
      cancellation.check();
      if (!isWhole(added)) {
        damaged.add(added.artifact());
      }
    }
    return damaged;
  }

  private boolean isWhole(CommitRecord.Added added) throws IOException {
    boolean[] whole = {true};
    try {
      boolean read =
          manifests.read(added, (hash, length) -> whole[0] &= table.usable(hash)).isPresent();
      if (!read) {
        damage.manifest(added);
      }
      return read && whole[0];
    } catch (PackGoneException e) {
      return true; // moved or dropped meanwhile, and checked on its way
    }
  }
}
