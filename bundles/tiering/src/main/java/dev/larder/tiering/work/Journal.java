package dev.larder.tiering.work;

import dev.larder.api.ArtifactKind;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogChange;
import dev.larder.catalog.Position;
import dev.larder.catalog.VolumeSnapshot;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Volume;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Commits changes to volumes and tells the namespace, then the catalog. The namespace is what
 * decides, so it is up to date before a commit is acknowledged; the catalog follows by itself.
 */
public final class Journal {

  private final Namespace names;
  private final Catalog catalog;

  /** Changes that are on their way to a volume: a collection that starts meanwhile keeps them. */
  private final Set<ReferenceChange> underWay = ConcurrentHashMap.newKeySet();

  /** A journal that feeds both. */
  public Journal(Namespace names, Catalog catalog) {
    this.names = names;
    this.catalog = catalog;
  }

  /** Makes changes durable on one volume; on return they are visible. */
  public void commit(TierUse use, List<Change> changes) throws IOException {
    List<ReferenceChange> points = points(changes);
    underWay.addAll(points);
    try {
      Volume volume = use.volume();
      long last = volume.commit(changes);
      points.forEach(change -> names.add(volume.uuid(), change));
      catalog.apply(
          new Position(volume.uuid(), volume.epoch(), last),
          use.tier().name(),
          projected(volume, changes, last));
    } catch (IOException e) {
      use.failed(e);
      throw e;
    } finally {
      points.forEach(underWay::remove);
    }
  }

  private static List<ReferenceChange> points(List<Change> changes) {
    List<ReferenceChange> points = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Point point) {
        points.add(point.change());
      }
    }
    return points;
  }

  private static List<CatalogChange> projected(Volume volume, List<Change> changes, long last) {
    List<CatalogChange> projected = new ArrayList<>();
    long sequence = last - changes.size();
    for (Change change : changes) {
      sequence++;
      if (change instanceof Change.Add add) {
        projected.add(new CatalogChange.ReplicaAdded(entry(volume, add.artifact(), sequence)));
      } else if (change instanceof Change.Point point) {
        projected.add(new CatalogChange.Referenced(point.change()));
      } else if (change instanceof Change.Drop drop) {
        projected.add(new CatalogChange.ReplicaDropped(drop.digest()));
      }
    }
    return projected;
  }

  /** One that is gone again already is told of all the same: its drop follows. */
  private static ArtifactEntry entry(Volume volume, StagedArtifact staged, long sequence) {
    return volume
        .artifact(staged.digest())
        .orElseGet(
            () ->
                new ArtifactEntry(
                    staged.digest(),
                    staged.size(),
                    ArtifactKind.MODEL,
                    staged.totalBlocks(),
                    staged.storedBytes(),
                    sequence));
  }

  /** Changes that a collection of this volume must keep. */
  public Set<ReferenceChange> needed(Volume volume) {
    // First those under way: one that arrives between the two steps is then in both or in one.
    Set<ReferenceChange> needed = new HashSet<>(underWay);
    needed.addAll(names.keptChanges(volume.uuid()));
    return needed;
  }

  /** Takes up all that a volume holds: after its opening. */
  public void attached(Tier tier, Volume volume) {
    names.attach(volume.uuid(), volume.references());
    catalog.synchronise(snapshot(tier, volume));
  }

  /** Takes note of what a collection has dropped. */
  public void collected(Tier tier, Volume volume, List<ReferenceChange> before) {
    Set<ReferenceChange> dropped = new HashSet<>(before);
    volume.references().forEach(dropped::remove);
    names.forget(volume.uuid(), dropped);
    catalog.synchronise(snapshot(tier, volume));
  }

  /** All that a volume holds now, or a little later: the position is taken first. */
  public static VolumeSnapshot snapshot(Tier tier, Volume volume) {
    Position position = new Position(volume.uuid(), volume.epoch(), volume.lastSequence());
    return new VolumeSnapshot(position, tier.name(), volume.artifacts(), volume.references());
  }
}
