package dev.larder.tiering.work;

import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.catalog.Catalog;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Volume;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.names.UntoldChanges;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no volume passes off its own, older content of a reference as the newest when the
 * volume that has the newest is away: every volume that knows a name takes note of its changes on
 * other volumes. What one that is away, or refuses writes, cannot be told is noted in the home
 * until it can. Costs nothing where a name is on one volume only. Any thread.
 */
public final class Telling {

  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

  private final Tiers tiers;
  private final Namespace names;
  private final UntoldChanges untold;
  private final Catalog catalog;

  /** Over all storage tiers. */
  public Telling(Tiers tiers, Namespace names, UntoldChanges untold, Catalog catalog) {
    this.tiers = tiers;
    this.names = names;
    this.untold = untold;
    this.catalog = catalog;
  }

  /**
   * Tells the others of changes that are durable on a volume; the notes are durable on return.
   *
   * @throws LarderException {@code IO_ERROR} if somebody cannot be told and the home takes no note
   */
  public void tell(Tier by, UUID holder, List<ReferenceChange> changes) throws LarderException {
    if (changes.isEmpty() || tiers.isOnlyStorage(by)) {
      return;
    }
    List<ReferenceChange> newest = changes.stream().filter(names::isNewest).toList();
    boolean all = true;
    for (Tier tier : tiers.any(TierRole.STORAGE)) {
      if (tier != by) {
        all &= tell(tier, newest);
      }
    }
    if (!all && !newest.isEmpty()) {
      untold.add(holder, newest);
    }
  }

  /** False if the tier may have missed something. */
  private boolean tell(Tier tier, List<ReferenceChange> changes) {
    Optional<TierUse> use = tier.tryUse();
    if (use.isEmpty()) {
      return tier.isForeign();
    }
    try (TierUse held = use.get()) {
      Volume volume = held.volume();
      List<ReferenceChange> missed = names.untold(volume.uuid(), changes);
      if (missed.isEmpty()) {
        return true;
      }
      if (!volume.writable()) {
        return false;
      }
      note(held, missed);
      return true;
    } catch (IOException e) {
      LOG.warn("tier {} could not be told of {} changes", tier.name(), changes.size(), e);
      return false;
    }
  }

  /** Lets a volume take note of changes that others hold. */
  public void note(TierUse use, List<ReferenceChange> changes) throws IOException {
    try {
      Volume volume = use.volume();
      List<Change> notes = new ArrayList<>();
      changes.forEach(change -> notes.add(new Change.Note(change)));
      long last = volume.commit(notes);
      changes.forEach(change -> names.add(volume.uuid(), change));
      Journal.project(catalog, use.tier(), volume, notes, last);
    } catch (IOException e) {
      use.failed(e);
      throw e;
    }
  }

  /** Tells a volume that is back of all that it has missed. */
  public void catchUp(TierUse use) throws IOException {
    List<ReferenceChange> missed = names.missedChanges(use.volume().uuid());
    if (!missed.isEmpty() && use.volume().writable()) {
      note(use, missed);
    }
  }

  /**
   * Once every storage tier is here and has been told, the home need not remember any more. Asked
   * while no name changes.
   */
  public void settle() throws IOException {
    if (!untold.isEmpty() && allTold()) {
      untold.clear();
    }
  }

  private boolean allTold() {
    for (Tier tier : tiers.any(TierRole.STORAGE)) {
      if (tier.isForeign()) {
        continue;
      }
      Optional<TierUse> use = tier.tryUse();
      if (use.isEmpty()) {
        return false;
      }
      try (TierUse held = use.get()) {
        if (!names.missedChanges(held.volume().uuid()).isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }
}
