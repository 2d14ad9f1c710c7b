package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Volume;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.placement.Placer;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Telling;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties a tier so that it can be removed. */
public final class Drainer {

  private static final Logger LOG = LoggerFactory.getLogger(Drainer.class);

  private final Tiers tiers;
  private final Namespace names;
  private final Placer placer;
  private final Migrator migrator;
  private final Collector collector;
  private final CacheFiller fills;
  private final Telling telling;

  /** Over all tiers. */
  public Drainer(
      Tiers tiers,
      Namespace names,
      Placer placer,
      Migrator migrator,
      Collector collector,
      CacheFiller fills,
      Telling telling) {
    this.tiers = tiers;
    this.names = names;
    this.placer = placer;
    this.migrator = migrator;
    this.collector = collector;
    this.fills = fills;
    this.telling = telling;
  }

  /**
   * Moves what is needed to other tiers and frees the rest.
   *
   * @return the volume that is now empty
   * @throws dev.larder.api.NoSuitableTierException if something fits nowhere else; then what has
   *     moved has moved, and the tier takes artifacts again
   */
  public UUID drain(Tier tier, Cancellation cancellation) throws IOException {
    tier.drain(true);
    boolean done = false;
    if (tier.role() == TierRole.CACHE) {
      fills.awaitEnd();
    }
    try (TierUse use = tier.tryUse().orElseThrow(tier::unusable)) {
      if (tier.role() == TierRole.STORAGE) {
        moveAll(tier, use, cancellation);
      }
      if (use.volume().writable()) {
        collector.empty(use, cancellation);
      }
      done = true;
      return use.volume().uuid();
    } finally {
      if (!done) {
        tier.drain(false);
      }
    }
  }

  private void moveAll(Tier tier, TierUse use, Cancellation cancellation) throws IOException {
    Set<Digest> kept = names.keptArtifacts();
    for (ArtifactEntry artifact : use.volume().artifacts()) {
      cancellation.check();
      if (kept.contains(artifact.digest())) {
        move(tier, artifact, cancellation);
      }
    }
    moveNotes(tier, use.volume());
  }

  private void move(Tier tier, ArtifactEntry artifact, Cancellation cancellation)
      throws IOException {
    PlacementRequest wish =
        new PlacementRequest(
            artifact.kind(), Temperature.ARCHIVE, OptionalLong.of(artifact.size()), false);
    List<Tier> others = tiers.of(TierRole.STORAGE).stream().filter(other -> other != tier).toList();
    Tier target =
        tiers.holding(artifact.digest()).stream().filter(others::contains).findFirst().orElse(null);
    if (target == null) {
      target = placer.rank("artifact " + artifact.digest(), wish, others).get(0);
    }
    LOG.info("{} moves from {} to {}", artifact.digest(), tier.name(), target.name());
    try (TierUse to = target.tryUse().orElseThrow(target::unusable)) {
      migrator.move(artifact.digest(), tier, to, cancellation);
    }
    migrator.announce(artifact.digest(), target);
  }

  /**
   * Deletions and notes of changes elsewhere that others may not have heard of yet must not be
   * forgotten with this tier.
   */
  private void moveNotes(Tier tier, Volume volume) {
    moveNotes(tier, volume.uuid(), change -> change.target().flatMap(volume::artifact).isEmpty());
  }

  /** The same for a tier that is away, as far as is known of it: its deletions. */
  public void moveDeletions(Tier tier) {
    tier.volume().ifPresent(uuid -> moveNotes(tier, uuid, change -> change.target().isEmpty()));
  }

  private void moveNotes(Tier tier, UUID volume, Predicate<ReferenceChange> isNote) {
    List<ReferenceChange> notes =
        names.keptChanges(volume).stream()
            .filter(isNote)
            .filter(change -> isNowhereElse(change, volume))
            .sorted(Comparator.comparing(ReferenceChange::stamp))
            .toList();
    if (notes.isEmpty()) {
      return;
    }
    for (Tier other : tiers.of(TierRole.STORAGE)) {
      TierUse to = other == tier ? null : other.tryUse().orElse(null);
      if (to != null) {
        try (to) {
          if (to.volume().writable()) {
            telling.note(to, notes);
            return;
          }
        } catch (IOException e) {
          LOG.warn("{} changes could not be noted on {}", notes.size(), other.name(), e);
        }
      }
    }
  }

  private boolean isNowhereElse(ReferenceChange change, UUID volume) {
    return names.holders(change).stream()
        .noneMatch(holder -> !holder.equals(volume) && tiers.find(holder).isPresent());
  }
}
