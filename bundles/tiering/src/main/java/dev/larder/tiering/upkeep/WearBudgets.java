package dev.larder.tiering.upkeep;

import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.TierWear;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierOptions;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much may still be written to each tier, on our own account: what users put is written in any
 * case, but it counts. Any thread.
 */
public final class WearBudgets implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WearBudgets.class);
  private static final long HOUR_SECONDS = 3600;

  private final Tiers tiers;
  private final Path notes;
  private final LongSupplier nanoTime;
  private final Map<String, WearBudget> budgets = new ConcurrentHashMap<>();

  /**
   * Over all tiers.
   *
   * @param notes folder for what may still be written
   */
  public WearBudgets(Tiers tiers, Path notes, LongSupplier nanoTime) {
    this.tiers = tiers;
    this.notes = notes;
    this.nanoTime = nanoTime;
  }

  /** What a tier's medium bears, and what of that a day gets. */
  private record Terms(OptionalLong rated, OptionalLong daily) {}

  private static Terms terms(TierUse use) throws IOException {
    var spec = use.tier().spec();
    OptionalLong rated = TierOptions.ratedWrites(spec);
    OptionalLong daily = TierOptions.dailyBytes(spec);
    if (daily.isPresent()) {
      return new Terms(rated, daily);
    }
    if (rated.isPresent()) {
      return new Terms(rated, OptionalLong.of(WearRatings.dailyBytes(rated.getAsLong())));
    }
    var medium = use.volume().medium();
    rated = WearRatings.ratedBytes(medium.profile().mediaClass(), medium.capacity().totalBytes());
    return rated.isEmpty()
        ? new Terms(rated, daily)
        : new Terms(
            rated,
            OptionalLong.of(
                WearRatings.supposedDailyBytes(rated.getAsLong(), spec.capacity().isPresent())));
  }

  /**
   * Whether so many bytes may be written to a tier now.
   *
   * @param bytes that would be written
   */
  public boolean allows(TierUse use, long bytes) throws IOException {
    OptionalLong daily = terms(use).daily();
    if (daily.isEmpty()) {
      return true;
    }
    Volume volume = use.volume();
    return budget(use.tier())
        .allows(bytes, daily.getAsLong(), volume.uuid(), volume.statistics().bytesWritten());
  }

  /** Takes off what was written to a tier, and adds what was earned. */
  public void settle(TierUse use) {
    try {
      OptionalLong daily = terms(use).daily();
      if (daily.isPresent()) {
        Volume volume = use.volume();
        budget(use.tier())
            .settle(daily.getAsLong(), volume.uuid(), volume.statistics().bytesWritten());
      }
    } catch (IOException e) {
      LOG.debug("tier {} is gone; its counter is read when it is back", use.tier().name(), e);
    }
  }

  /** The same for all tiers. */
  public void settle() {
    for (Tier tier : tiers.all()) {
      Optional<TierUse> use = tier.tryUse();
      if (use.isPresent()) {
        try (TierUse held = use.get()) {
          settle(held);
        }
      }
    }
  }

  /** How it stands with a tier. */
  public TierWear of(TierUse use) throws IOException {
    Terms terms = terms(use);
    long written = use.volume().statistics().bytesWritten();
    if (terms.daily().isEmpty()) {
      return new TierWear(terms.rated(), terms.daily(), OptionalLong.empty(), false);
    }
    WearBudget budget = budget(use.tier());
    budget.settle(terms.daily().getAsLong(), use.volume().uuid(), written);
    return new TierWear(
        terms.rated(), terms.daily(), OptionalLong.of(budget.available()), budget.holdsBack());
  }

  /** Tiers that something was not written to, and when it will be. */
  public List<HealthFinding> health() {
    List<HealthFinding> findings = new ArrayList<>();
    for (Tier tier : tiers.all()) {
      Optional<TierUse> use = tier.tryUse();
      if (use.isPresent()) {
        try (TierUse held = use.get()) {
          finding(held).ifPresent(findings::add);
        } catch (IOException e) {
          LOG.debug("the wear of tier {} cannot be had", tier.name(), e);
        }
      }
    }
    return findings;
  }

  private Optional<HealthFinding> finding(TierUse use) throws IOException {
    TierWear wear = of(use);
    long daily = wear.dailyBytes().orElse(0);
    if (!wear.holdsBack() || daily == 0) {
      return Optional.empty();
    }
    String name = use.tier().name();
    double hours = budget(use.tier()).secondsUntilEnough(daily) / HOUR_SECONDS;
    String finding =
        String.format(
            Locale.ROOT,
            "its budget of writes is used up: %d bytes a day; nothing is moved up, copied or"
                + " encoded anew on it for %.1f hours of running time; puts go on",
            daily,
            hours);
    return Optional.of(
        new HealthFinding(
            Severity.WARNING,
            "tier/" + name,
            finding,
            "wait; if the medium is rated for more, remove the tier and add it again with"
                + " '--option ratedWrites=SIZE'"));
  }

  private WearBudget budget(Tier tier) {
    return budgets.computeIfAbsent(
        tier.name(), name -> new WearBudget(notes.resolve(name + ".wear"), nanoTime));
  }

  /** A tier was removed; one of the same name begins anew. */
  public void forget(Tier tier) {
    budget(tier).forget();
    budgets.remove(tier.name());
  }

  /** Notes what may still be written. */
  @Override
  public void close() {
    budgets.values().forEach(WearBudget::note);
  }
}
