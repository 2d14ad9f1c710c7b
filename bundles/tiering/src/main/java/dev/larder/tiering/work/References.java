package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.catalog.Catalog;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamps;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks references up, sets and deletes them. Any thread. */
public final class References {

  private static final Logger LOG = LoggerFactory.getLogger(References.class);

  private final Namespace names;
  private final Tiers tiers;
  private final Replicas replicas;
  private final Journal journal;
  private final Stamps stamps;
  private final Catalog catalog;
  private final Settling settling;

  /** Over all tiers. */
  public References(
      Namespace names,
      Tiers tiers,
      Replicas replicas,
      Journal journal,
      Stamps stamps,
      Catalog catalog,
      Settling settling) {
    this.names = names;
    this.tiers = tiers;
    this.replicas = replicas;
    this.journal = journal;
    this.stamps = stamps;
    this.catalog = catalog;
    this.settling = settling;
  }

  /**
   * What a reference stands for. If it is not known while tiers are being opened, waits for them.
   *
   * @throws LarderException {@code TIER_ABSENT} if it is on a tier that is away
   */
  public Optional<Digest> find(Reference reference) throws LarderException {
    Optional<ReferenceChange> newest = names.newest(reference);
    if (newest.isEmpty() && !tiers.settled()) {
      settling.await();
      newest = names.newest(reference);
    }
    if (newest.isEmpty()) {
      reportIfAway(reference);
    }
    return newest.flatMap(ReferenceChange::target);
  }

  /** The same for a reference that must be there. */
  public Digest require(Reference reference) throws LarderException {
    return find(reference).orElseThrow(() -> unknown(reference));
  }

  /** The error for a reference that is not there. */
  public static LarderException unknown(Reference reference) {
    return LarderException.notFound(
        "there is no reference " + reference, "see 'larder ls' for what there is");
  }

  /** The catalog remembers what is on volumes that are away; it decides on the message only. */
  private void reportIfAway(Reference reference) throws LarderException {
    List<Tier> away = tiers.all().stream().filter(tier -> !isOpen(tier)).toList();
    if (away.isEmpty() || !catalogKnows(reference)) {
      return;
    }
    LarderException why = away.get(0).unusable();
    throw new LarderException(
        why.code() == ErrorCode.DRIVER_MISSING ? why.code() : ErrorCode.TIER_ABSENT,
        reference + " is on a tier that is away: " + why.getMessage(),
        why.advice(),
        why);
  }

  private static boolean isOpen(Tier tier) {
    Optional<TierUse> use = tier.tryUse();
    use.ifPresent(TierUse::close);
    return use.isPresent();
  }

  private boolean catalogKnows(Reference reference) {
    try {
      return !catalog.history(reference).isEmpty();
    } catch (LarderException e) {
      LOG.debug("the catalog cannot tell of {}", reference, e);
      return false;
    }
  }

  /** The error for a reference whose artifact is nowhere. */
  public LarderException lost(Reference reference, Digest digest) {
    List<Tier> away = tiers.all().stream().filter(tier -> !isOpen(tier)).toList();
    return away.isEmpty()
        ? new LarderException(
            ErrorCode.CORRUPT,
            reference + " stands for " + digest + ", which is on no tier",
            "put it again, or roll it back")
        : away.get(0).unusable();
  }

  /** Lets a reference stand for an artifact that is there. */
  public void point(Reference reference, Digest digest) throws IOException {
    replicas.onAny(
        digest,
        tier -> tier.role() == TierRole.STORAGE,
        use -> {
          if (!use.volume().writable()) {
            throw use.tier().unusable();
          }
          journal.commit(use, List.of(new Change.Point(change(reference, Optional.of(digest)))));
          return use.tier();
        });
  }

  /** A change that supersedes the one that decides now. */
  ReferenceChange change(Reference reference, Optional<Digest> target) {
    return new ReferenceChange(reference, target, stamps.next(), names.superseded(reference));
  }

  /**
   * Deletes a reference, on every volume that knows it. One that is away or refuses writes is told
   * when it is back, by the volume that took the deletion.
   */
  public Digest delete(Reference reference) throws IOException {
    Digest digest = require(reference);
    List<Change> deletion = List.of(new Change.Point(change(reference, Optional.empty())));
    Set<UUID> knowing = names.volumesOf(reference);
    boolean done = false;
    LarderException refusal = null;
    for (Tier tier : tiers.of(TierRole.STORAGE)) {
      TierUse use = tier.tryUse().orElse(null);
      if (use == null) {
        continue;
      }
      try (use) {
        if (!knowing.contains(use.volume().uuid())) {
          continue;
        }
        if (use.volume().writable()) {
          journal.commit(use, deletion);
          done = true;
        } else {
          refusal = tier.unusable();
        }
      }
    }
    if (!done && !onAnyOther(deletion)) {
      throw refusal != null ? refusal : noVolume(reference);
    }
    return digest;
  }

  private boolean onAnyOther(List<Change> deletion) throws IOException {
    for (Tier tier : tiers.of(TierRole.STORAGE)) {
      TierUse use = tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          if (use.volume().writable()) {
            journal.commit(use, deletion);
            return true;
          }
        }
      }
    }
    return false;
  }

  private static LarderException noVolume(Reference reference) {
    return new LarderException(
        ErrorCode.TIER_ABSENT,
        reference + " cannot be deleted: no storage tier is attached",
        "see 'larder tier ls'");
  }

  /** Tells a volume that was away of the deletions that it has missed. */
  public void catchUp(TierUse use) throws IOException {
    List<ReferenceChange> missed = names.missedDeletions(use.volume().uuid());
    if (!missed.isEmpty() && use.volume().writable()) {
      journal.commit(use, missed.stream().<Change>map(Change.Point::new).toList());
    }
  }
}
