package dev.larder.tiering.work;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Commits changes to volumes and tells the namespace, then the catalog. The namespace is what
 * decides, so it is up to date before a commit is acknowledged; the catalog follows by itself.
 */
public final class Journal {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final UUID gateway;
  private final Namespace names;
  private final Catalog catalog;
  private final Telling telling;

  /** Held shared by every commit; alone by who must know that no name changes meanwhile. */
  private final ReentrantReadWriteLock changing = new ReentrantReadWriteLock(true);

  /** Changes that are on their way to a volume: a collection that starts meanwhile keeps them. */
  private final Set<ReferenceChange> underWay = ConcurrentHashMap.newKeySet();

  /**
   * A journal that feeds both.
   *
   * @param gateway whose journal it is
   */
  public Journal(UUID gateway, Namespace names, Catalog catalog, Telling telling) {
    this.gateway = gateway;
    this.names = names;
    this.catalog = catalog;
    this.telling = telling;
  }

  /** Something to be done. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does something while no name changes.
   *
   * @throws LarderException {@code UNAVAILABLE} if a commit that is under way takes too long
   */
  public void exclusively(Work work) throws IOException {
    try {
      if (!changing.writeLock().tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LarderException(
            ErrorCode.UNAVAILABLE, "a commit that is under way takes too long", "try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(ErrorCode.UNAVAILABLE, "interrupted", "try again", e);
    }
    try {
      work.run();
    } finally {
      changing.writeLock().unlock();
    }
  }

  /** Does something while no name changes, if that is so now: nobody has to wait for it. */
  public void ifQuiet(Work work) throws IOException {
    if (changing.writeLock().tryLock()) {
      try {
        work.run();
      } finally {
        changing.writeLock().unlock();
      }
    }
  }

  /**
   * Commits changes that rest on artifacts which were on the volume when they were taken in. One
   * that was collected since is added with them: what it consists of is still held.
   */
  void commitHere(TierUse use, List<Change> wereThere, List<Change> changes) throws IOException {
    try {
      commit(use, changes);
    } catch (LarderException e) {
      if (e.code() != ErrorCode.NOT_FOUND || wereThere.isEmpty()) {
        throw e;
      }
      List<Change> all = new ArrayList<>(wereThere);
      all.addAll(changes);
      commit(use, all);
    }
  }

  /**
   * Makes changes durable on one volume; on return they are visible, and the other volumes that
   * know the names have taken note.
   */
  public void commit(TierUse use, List<Change> changes) throws IOException {
    List<ReferenceChange> points = points(changes);
    changing.readLock().lock();
    underWay.addAll(points);
    try {
      Volume volume = use.volume();
      apply(use, changes, points);
      telling.tell(use.tier(), volume.uuid(), points);
    } finally {
      points.forEach(underWay::remove);
      changing.readLock().unlock();
    }
  }

  private void apply(TierUse use, List<Change> changes, List<ReferenceChange> points)
      throws IOException {
    try {
      Volume volume = use.volume();
      long last = volume.commit(changes);
      points.forEach(change -> names.add(volume.uuid(), change));
      project(catalog, use.tier(), volume, changes, last);
    } catch (IOException e) {
      use.failed(e);
      throw e;
    }
  }

  static void project(Catalog catalog, Tier tier, Volume volume, List<Change> changes, long last) {
    catalog.apply(
        new Position(volume.uuid(), volume.epoch(), last),
        tier.name(),
        projected(volume, changes, last));
  }

  private static List<ReferenceChange> points(List<Change> changes) {
    List<ReferenceChange> points = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Point point) {
        points.add(point.change());
      } else if (change instanceof Change.Note note) {
        points.add(note.change());
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
      } else if (change instanceof Change.Note note) {
        projected.add(new CatalogChange.Referenced(note.change()));
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
    needed.addAll(notOurs(volume));
    return needed;
  }

  /**
   * What gateways before this one said of artifacts that are still here: kept, so that the volume
   * is to them what it was. And the marks that tell it from what counts here.
   */
  private List<ReferenceChange> notOurs(Volume volume) {
    List<ReferenceChange> all = volume.references();
    if (all.stream().noneMatch(OurChanges::isMark)) {
      return List.of();
    }
    Set<ReferenceChange> ours = new HashSet<>(OurChanges.of(all, gateway));
    return all.stream()
        .filter(change -> !ours.contains(change))
        .filter(
            change ->
                OurChanges.isMark(change) || change.target().flatMap(volume::artifact).isPresent())
        .toList();
  }

  /** Takes up all that a volume holds: after its opening. */
  public void attached(Tier tier, Volume volume) {
    names.attach(volume.uuid(), OurChanges.on(volume, gateway));
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
  public VolumeSnapshot snapshot(Tier tier, Volume volume) {
    Position position = new Position(volume.uuid(), volume.epoch(), volume.lastSequence());
    List<ReferenceChange> references = OurChanges.on(volume, gateway);
    return new VolumeSnapshot(position, tier.name(), volume.artifacts(), references);
  }
}
