package dev.larder.tiering.upkeep;

import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.ImportReport;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import dev.larder.tiering.home.StampCeiling;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.ForeignUse;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Journal;
import dev.larder.tiering.work.OurChanges;
import dev.larder.tiering.work.Telling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the volume of another gateway where it is. First all of it is read and checked while
 * it is kept apart from everything else; then its references are written anew, under stamps of this
 * gateway, because the stamps of two gateways that never met say nothing about each other; a mark
 * behind them says that they count and that what was before does not. Cut off before the mark, it
 * is another gateway's volume as before, and the next import does the same again.
 *
 * <p>Any thread; one import at a time.
 */
public final class Importer {

  private static final Logger LOG = LoggerFactory.getLogger(Importer.class);

  private final Tiers tiers;
  private final Namespace names;
  private final int keptHistory;
  private final Journal journal;
  private final Telling telling;
  private final Stamps stamps;
  private final StampCeiling ceiling;
  private final EventSink events;
  private final LongSupplier nanoTime;
  private volatile boolean closed;

  /** Over all tiers. */
  public Importer(
      Tiers tiers,
      Namespace names,
      int keptHistory,
      Journal journal,
      Telling telling,
      Stamps stamps,
      StampCeiling ceiling,
      EventSink events,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.names = names;
    this.keptHistory = keptHistory;
    this.journal = journal;
    this.telling = telling;
    this.stamps = stamps;
    this.ceiling = ceiling;
    this.events = events;
    this.nanoTime = nanoTime;
  }

  /**
   * Imports a tier's volume. One that is ours already is left as it is.
   *
   * @throws LarderException {@code CORRUPT}, {@code READ_ONLY}, {@code TIER_ABSENT}, …
   */
  public synchronized ImportReport run(Tier tier) throws IOException {
    long start = nanoTime.getAsLong();
    if (tier.role() == TierRole.CACHE) {
      throw LarderException.invalid(
          "tier '"
              + tier.name()
              + "' is a cache, and what is on it would have no home: remove it, and add its volume"
              + " as a storage tier to import it");
    }
    Optional<ForeignUse> foreign = tiers.foreign(tier);
    if (foreign.isEmpty()) {
      return nothing(tier, start);
    }
    VolumeCheck.Checked checked;
    VolumeIdentity identity;
    try (ForeignUse use = foreign.get()) {
      identity = use.identity();
      requireWritable(tier, use.volume());
      requirePlausible(tier, use.volume());
      Cancellation either = () -> closed || use.isStale();
      checked = new VolumeCheck(tier.name(), use.volume(), either).run();
    }
    ImportPlan plan = adopt(tier, identity.volume());
    LOG.info(
        "tier {} is imported: {} artifacts, {} references, {} of them renamed",
        tier.name(),
        checked.artifacts(),
        plan.taken().size(),
        plan.renamed().size());
    events.post(Events.IMPORTED, Map.of(Events.TIER, tier.name()));
    return new ImportReport(
        tier.name(),
        identity.volume(),
        identity.writer(),
        checked.artifacts(),
        checked.bytes(),
        checked.blocks(),
        plan.kept(),
        plan.renamed(),
        plan.unchanged(),
        plan.elsewhere(),
        nanoTime.getAsLong() - start);
  }

  private ImportReport nothing(Tier tier, long start) throws LarderException {
    try (TierUse use = tier.tryUse().orElseThrow(tier::unusable)) {
      return new ImportReport(
          tier.name(),
          use.volume().uuid(),
          stamps.gateway(),
          0,
          0,
          0,
          List.of(),
          List.of(),
          0,
          List.of(),
          nanoTime.getAsLong() - start);
    }
  }

  private static void requireWritable(Tier tier, Volume volume) throws LarderException {
    if (!volume.writable()) {
      throw new LarderException(
          ErrorCode.READ_ONLY,
          "the volume of tier " + tier.name() + " refuses writes, so it cannot be taken over",
          "mount it writable, or open the lock of the card");
    }
  }

  /** Also looked at when it is opened as ours; here it saves reading all of it for nothing. */
  private void requirePlausible(Tier tier, Volume volume) throws LarderException {
    long highest =
        volume.references().stream().mapToLong(change -> change.stamp().lamport()).max().orElse(0);
    if (highest - stamps.lamport() > Stamps.LONGEST_LEAP) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          "the volume of tier "
              + tier.name()
              + " is not imported: its counters are at "
              + highest
              + ", where no gateway gets",
          "do not trust this medium; remove the tier and make a new volume on it");
    }
  }

  private ImportPlan adopt(Tier tier, UUID checked) throws IOException {
    Adoption adoption = new Adoption(tier, checked);
    boolean done = false;
    try {
      tiers.adopt(tier, adoption);
      done = true;
      return adoption.plan();
    } finally {
      if (!done) {
        names.forget(checked);
      }
    }
  }

  /** What is done with the volume once it is open as ours and nobody uses it yet. */
  private final class Adoption implements Tier.Preparation {

    private final Tier tier;
    private final UUID checked;
    private @Nullable ImportPlan plan;

    Adoption(Tier tier, UUID checked) {
      this.tier = tier;
      this.checked = checked;
    }

    ImportPlan plan() {
      ImportPlan made = plan;
      if (made == null) {
        throw new IllegalStateException("not adopted");
      }
      return made;
    }

    @Override
    public void on(TierUse use) throws IOException {
      Volume volume = use.volume();
      if (!volume.uuid().equals(checked)) {
        throw new LarderException(
            ErrorCode.CORRUPT, "the medium of tier " + tier.name() + " was exchanged", "try again");
      }
      journal.exclusively(() -> take(volume));
    }

    private void take(Volume volume) throws IOException {
      UUID gateway = stamps.gateway();
      ImportPlan made =
          new ImportPlan(
              names,
              keptHistory,
              OurChanges.on(volume, gateway),
              digest -> volume.artifact(digest).isPresent());
      Stamp since = ceiling.cover(stamps.next()); // below those of all that counts
      ReferenceChange mark =
          new ReferenceChange(OurChanges.mark(gateway), Optional.empty(), since, 0);
      List<ReferenceChange> fresh = new ArrayList<>();
      for (ImportPlan.Taken one : made.taken()) {
        fresh.addAll(rewritten(one));
      }
      volume.commit(points(fresh));
      volume.commit(points(List.of(mark)));
      journal.attached(tier, volume);
      telling.tell(tier, volume.uuid(), fresh);
      plan = made;
    }
  }

  private List<ReferenceChange> rewritten(ImportPlan.Taken one) throws LarderException {
    List<ReferenceChange> fresh = new ArrayList<>();
    long superseded = names.superseded(one.to());
    for (ReferenceChange old : one.history()) {
      Stamp now = ceiling.cover(stamps.next());
      Stamp stamp =
          new Stamp(now.lamport(), now.gateway(), now.sequence(), old.stamp().wallMillis());
      fresh.add(new ReferenceChange(one.to(), old.target(), stamp, superseded));
      superseded = stamp.lamport();
    }
    return fresh;
  }

  private static List<Change> points(List<ReferenceChange> changes) {
    return changes.stream().<Change>map(Change.Point::new).toList();
  }

  /** Ends an import that is under way. */
  public void close() {
    closed = true;
  }
}
