package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.TierRole;
import dev.larder.api.TierWear;
import dev.larder.spi.placement.TierView;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.ledger.HeatTable.Heat;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.placement.Placer;
import dev.larder.tiering.plan.Home;
import dev.larder.tiering.plan.PlanTier;
import dev.larder.tiering.plan.TieringPlan;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at what lies where, and how hot it is, for a plan. Any thread. */
public final class HomeSurvey {

  private final Tiers tiers;
  private final Namespace names;
  private final Placer placer;
  private final Usage usage;
  private final WearBudgets wear;
  private final RamCache ram;
  private final Duration movePause;

  /**
   * Over all tiers.
   *
   * @param movePause running time before a home that was moved is moved again
   */
  public HomeSurvey(
      Tiers tiers,
      Namespace names,
      Placer placer,
      Usage usage,
      WearBudgets wear,
      RamCache ram,
      Duration movePause) {
    this.tiers = tiers;
    this.names = names;
    this.placer = placer;
    this.usage = usage;
    this.wear = wear;
    this.ram = ram;
    this.movePause = movePause;
  }

  /**
   * A plan for what there is now.
   *
   * @param mostBytes to be moved, beyond what pressure asks for
   */
  TieringPlan plan(long mostBytes) throws IOException {
    List<Tier> storage = tiers.of(TierRole.STORAGE).stream().filter(Tier::takesArtifacts).toList();
    List<TierView> views = placer.views(storage);
    List<PlanTier> seen = new ArrayList<>();
    List<Home> homes = new ArrayList<>();
    Set<Digest> kept = names.keptArtifacts();
    Set<Digest> faster = new HashSet<>();
    for (Tier tier : storage) {
      Optional<TierUse> use = tier.tryUse();
      if (use.isPresent()) {
        try (TierUse held = use.get()) {
          seen.add(tier(held));
          look(held, kept, faster, homes);
        }
      }
    }
    return new TieringPlan(seen, homes, request -> placer.order(request, views), mostBytes);
  }

  private PlanTier tier(TierUse use) throws IOException {
    TierWear known = wear.of(use);
    var medium = use.volume().medium();
    return new PlanTier(
        use.tier().name(),
        medium.profile(),
        medium.capacity().totalBytes(),
        use.volume().freeForPuts(),
        known.availableBytes().orElse(Long.MAX_VALUE / 2),
        known.dailyBytes().orElse(Long.MAX_VALUE));
  }

  /** A second home on a slower tier is not looked at. */
  private void look(TierUse use, Set<Digest> kept, Set<Digest> faster, List<Home> homes) {
    for (ArtifactEntry entry : use.volume().artifacts()) {
      if (kept.contains(entry.digest()) && faster.add(entry.digest())) {
        homes.add(home(use.tier().name(), entry));
      }
    }
  }

  private Home home(String tier, ArtifactEntry entry) {
    Optional<Heat> heat = usage.heat(entry.digest());
    long now = usage.runningNanos();
    boolean settled =
        heat.flatMap(Heat::lastMove).map(at -> now - at >= movePause.toNanos()).orElse(true);
    return new Home(
        entry.digest(),
        entry.kind(),
        entry.size(),
        entry.storedBytes(),
        tier,
        usage.temperature(heat),
        heat.map(Heat::loads).orElse(0.0),
        heat.map(Heat::loadsPerSecond).orElse(0.0),
        heat.map(Heat::lastTick).orElse(-1L),
        Usage.mayRise(heat),
        Usage.maySink(heat) && !ram.isLeased(entry.digest()),
        settled);
  }

  /** Share of a tier that would be taken with so many bytes more; 1 if that cannot be said. */
  static double fill(Tier tier, long more) throws IOException {
    TierUse use = tier.tryUse().orElse(null);
    if (use == null) {
      return 1;
    }
    try (use) {
      long total = use.volume().medium().capacity().totalBytes();
      long free = use.volume().freeForPuts() - more;
      return total <= 0 ? 1 : 1 - (double) free / total;
    }
  }
}
