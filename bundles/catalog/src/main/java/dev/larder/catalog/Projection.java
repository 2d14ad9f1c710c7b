package dev.larder.catalog;

import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes what the volumes say into the tables. Used by one thread. What is done between two commits
 * becomes visible, and lasts, together.
 */
final class Projection {

  private final Connection connection;
  private final VolumeTable volumes;
  private final ReplicaTable replicas;
  private final ReferenceTable references;
  private final SwapTable swaps;
  private final Map<UUID, Progress> progress;

  Projection(Connection connection) throws SQLException {
    this.connection = connection;
    volumes = new VolumeTable(connection);
    replicas = new ReplicaTable(connection);
    references = new ReferenceTable(connection);
    swaps = new SwapTable(connection);
    progress = volumes.load();
  }

  /** Replaces all that is there of a volume, unless it is up to date. */
  void synchronise(VolumeSnapshot snapshot) throws SQLException {
    Position position = snapshot.position();
    Progress known = progress.get(position.volume());
    if (known != null && known.epoch == position.epoch() && known.mark() == position.sequence()) {
      volumes.update(known.id, snapshot.tier(), known.epoch, known.mark());
      return;
    }
    int id = known == null ? volumes.insert(position, snapshot.tier()) : known.id;
    replicas.dropAll(id);
    references.dropAll(id);
    for (ArtifactEntry artifact : snapshot.artifacts()) {
      replicas.put(id, artifact);
    }
    for (ReferenceChange change : snapshot.references()) {
      references.put(id, change);
    }
    volumes.update(id, snapshot.tier(), position.epoch(), position.sequence());
    progress.put(position.volume(), new Progress(id, position.epoch(), position.sequence()));
  }

  /**
   * Applies changes, of which the last has the position's sequence number, the one before it the
   * number before, and so on. What is applied already is skipped.
   *
   * @return false if they do not fit to what is there, so that the volume is to be synchronised
   */
  boolean apply(Position position, String tier, List<CatalogChange> changes) throws SQLException {
    Progress known = progress.get(position.volume());
    if (known == null || known.epoch != position.epoch() || known.hopeless()) {
      return false;
    }
    long first = position.sequence() - changes.size() + 1;
    long sequence = first;
    for (CatalogChange change : changes) {
      if (sequence > known.mark()) {
        apply(known, change, sequence);
      }
      sequence++;
    }
    known.applied(first, position.sequence());
    volumes.update(known.id, tier, known.epoch, known.mark());
    return true;
  }

  private void apply(Progress volume, CatalogChange change, long sequence) throws SQLException {
    if (change instanceof CatalogChange.ReplicaAdded added) {
      if (!volume.overtaken(added.artifact().digest(), sequence)) {
        replicas.put(volume.id, added.artifact());
      }
    } else if (change instanceof CatalogChange.ReplicaDropped dropped) {
      volume.dropped(dropped.digest(), sequence);
      replicas.drop(volume.id, dropped.digest(), sequence);
    } else if (change instanceof CatalogChange.Referenced referenced) {
      references.put(volume.id, referenced.change());
    }
  }

  void forget(UUID volume) throws SQLException {
    Progress known = progress.remove(volume);
    if (known != null) {
      replicas.dropAll(known.id);
      references.dropAll(known.id);
      volumes.delete(known.id);
    }
  }

  void record(SwapRecord swap) throws SQLException {
    swaps.add(swap);
  }

  void commit() throws SQLException {
    replicas.flush();
    references.flush();
    swaps.flush();
    connection.commit();
  }
}
