package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Pace;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamps;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Copier;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Journal;
import dev.larder.tiering.work.Pins;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves artifacts between storage tiers: first the copy and its references are durable on the new
 * tier, then the old replica is dropped. Whenever it is cut off, there is a valid home; two do no
 * harm. Two moves of one artifact go one after the other: each could drop what the other relies on.
 * Any thread.
 */
public final class Migrator {

  private static final int TURNS = 64;

  private final Tiers tiers;
  private final Namespace names;
  private final Copier copier;
  private final Journal journal;
  private final Stamps stamps;
  private final Pins pins;
  private final EventSink events;
  private final Duration patience;

  /** One artifact always has the same one. */
  private final ReentrantLock[] turns = new ReentrantLock[TURNS];

  /** Over all tiers. */
  public Migrator(
      Tiers tiers,
      Namespace names,
      Copier copier,
      Journal journal,
      Stamps stamps,
      Pins pins,
      EventSink events,
      Duration patience) {
    this.tiers = tiers;
    this.names = names;
    this.copier = copier;
    this.journal = journal;
    this.stamps = stamps;
    this.pins = pins;
    this.events = events;
    this.patience = patience;
    Arrays.setAll(turns, i -> new ReentrantLock());
  }

  /**
   * Moves all homes of an artifact to one storage tier.
   *
   * @throws LarderException {@code TIER_FULL}, {@code CORRUPT}, {@code TIER_ABSENT}, …
   */
  public void migrate(Digest digest, Tier target, Cancellation cancellation) throws IOException {
    if (target.role() != TierRole.STORAGE) {
      throw LarderException.invalid("tier '" + target.name() + "' is a cache and cannot be a home");
    }
    try (Pins.Pin pin = pins.pin(digest);
        TierUse to = target.use(patience)) {
      List<Tier> homes = homes(digest);
      if (homes.isEmpty()) {
        throw new LarderException(
            ErrorCode.TIER_ABSENT,
            "artifact " + digest + " is on no storage tier that is here",
            "");
      }
      for (Tier home : homes) {
        if (home != target) {
          move(digest, home, to, cancellation);
        }
      }
    }
    announce(digest, target);
  }

  /** Moves one home, leaving others alone. */
  void move(Digest digest, Tier from, TierUse to, Cancellation cancellation) throws IOException {
    move(digest, from, to, Pace.UNLIMITED, cancellation);
  }

  /** The same with care for others. */
  void move(Digest digest, Tier from, TierUse to, Pace pace, Cancellation cancellation)
      throws IOException {
    ReentrantLock turn = turns[Math.floorMod(digest.hashCode(), TURNS)];
    turn.lock();
    try {
      moveAlone(digest, from, to, pace, cancellation);
    } finally {
      turn.unlock();
    }
  }

  private void moveAlone(Digest digest, Tier from, TierUse to, Pace pace, Cancellation cancellation)
      throws IOException {
    try (Pins.Pin pin = pins.pin(digest);
        TierUse source = from.use(patience)) {
      Optional<ArtifactEntry> entry = source.volume().artifact(digest);
      if (entry.isEmpty()) {
        return; // it has moved meanwhile
      }
      if (!source.volume().writable()) {
        throw from.unusable();
      }
      Set<ReferenceChange> carried = new HashSet<>();
      List<ReferenceChange> needed = names.neededChanges(source.volume().uuid(), digest);
      copier.copy(source, to, entry.get(), points(needed), pace, cancellation);
      carried.addAll(needed);
      journal.commit(source, List.of(new Change.Drop(digest, stamps.next())));
      carryRest(source, to, digest, carried);
    }
  }

  /** References that were pointed at the old replica between the copy and its drop. */
  private void carryRest(TierUse source, TierUse to, Digest digest, Set<ReferenceChange> carried)
      throws IOException {
    List<ReferenceChange> rest =
        new ArrayList<>(names.neededChanges(source.volume().uuid(), digest));
    rest.removeAll(carried);
    if (!rest.isEmpty()) {
      journal.commit(to, points(rest));
    }
  }

  private static List<Change> points(List<ReferenceChange> changes) {
    return changes.stream().<Change>map(Change.Point::new).toList();
  }

  private List<Tier> homes(Digest digest) {
    return tiers.holding(digest).stream().filter(tier -> tier.role() == TierRole.STORAGE).toList();
  }

  void announce(Digest digest, Tier target) {
    for (Reference reference : names.referencesTo(digest)) {
      events.post(
          Events.MIGRATED,
          Map.of(
              Events.REFERENCE, reference.toString(),
              Events.DIGEST, digest.toString(),
              Events.TIER, target.name()));
    }
  }
}
