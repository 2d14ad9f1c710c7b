package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.catalog.Catalog;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.tiering.home.StampCeiling;
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
  private final StampCeiling ceiling;
  private final Catalog catalog;
  private final Settling settling;

  /** Over all tiers. */
  public References(
      Namespace names,
      Tiers tiers,
      Replicas replicas,
      Journal journal,
      Stamps stamps,
      StampCeiling ceiling,
      Catalog catalog,
      Settling settling) {
    this.names = names;
    this.tiers = tiers;
    this.replicas = replicas;
    this.journal = journal;
    this.stamps = stamps;
    this.ceiling = ceiling;
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

  /** What the artifact that is put under a reference likely resembles, if a volume has it. */
  Optional<Digest> predecessor(Reference reference, Volume volume) {
    return names.newestOf(reference.name(), digest -> volume.artifact(digest).isPresent());
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

  /** The error for a reference whose artifact is nowhere that can be read. */
  public LarderException lost(Reference reference, Digest digest) {
    List<Tier> away = tiers.all().stream().filter(tier -> !isOpen(tier)).toList();
    Set<UUID> holders = names.newestHolders(reference);
    Optional<Tier> holder =
        away.stream()
            .filter(tier -> tier.volume().map(holders::contains).orElse(false))
            .findFirst()
            .or(() -> away.stream().filter(tier -> !tier.isForeign()).findFirst());
    if (holder.isEmpty()) {
      return new LarderException(
          ErrorCode.CORRUPT,
          reference + " stands for " + digest + ", which is on no tier",
          "put it again, or roll it back");
    }
    LarderException why = holder.get().unusable();
    return new LarderException(
        why.code(),
        reference + " stands for " + digest + ": " + why.getMessage(),
        why.advice(),
        why);
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
  ReferenceChange change(Reference reference, Optional<Digest> target) throws LarderException {
    Stamp stamp = ceiling.cover(stamps.next());
    return new ReferenceChange(reference, target, stamp, names.superseded(reference));
  }

  /**
   * Deletes a reference: on a volume that knows it, and the others take note. One that is away or
   * refuses writes is told when it is back.
   */
  public Digest delete(Reference reference) throws IOException {
    Digest digest = require(reference);
    List<Change> deletion = List.of(new Change.Point(change(reference, Optional.empty())));
    Set<UUID> knowing = names.volumesOf(reference);
    LarderException refusal = null;
    // First where it is known: to the others it would be news.
    for (boolean known : new boolean[] {true, false}) {
      for (Tier tier : tiers.of(TierRole.STORAGE)) {
        TierUse use = tier.tryUse().orElse(null);
        if (use == null) {
          continue;
        }
        try (use) {
          if (knowing.contains(use.volume().uuid()) != known) {
            continue;
          }
          if (use.volume().writable()) {
            journal.commit(use, deletion);
            return digest;
          }
          refusal = known ? tier.unusable() : refusal;
        }
      }
    }
    throw refusal != null ? refusal : noVolume(reference);
  }

  private static LarderException noVolume(Reference reference) {
    return new LarderException(
        ErrorCode.TIER_ABSENT,
        reference + " cannot be deleted: no storage tier is attached",
        "see 'larder tier ls'");
  }
}
