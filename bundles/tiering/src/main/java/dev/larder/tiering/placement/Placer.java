package dev.larder.tiering.placement;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.NoSuitableTierException;
import dev.larder.api.TierState;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierOptions;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the tiers that an artifact may go to. The rule ranks; whether a tier takes writes and has
 * room is checked here.
 */
public final class Placer {

  private static final Logger LOG = LoggerFactory.getLogger(Placer.class);

  private final PolicySelector<PlacementRule> rules;

  /** A placer by the rule that decides. */
  public Placer(PolicySelector<PlacementRule> rules) {
    this.rules = rules;
  }

  /**
   * The tiers that may take an artifact, best first; at least one.
   *
   * @param what the artifact, for the error
   * @param candidates tiers of the role in question
   * @throws NoSuitableTierException with the reason of each
   */
  public List<Tier> rank(String what, PlacementRequest request, List<Tier> candidates)
      throws NoSuitableTierException {
    Map<String, String> reasons = new TreeMap<>();
    Map<String, Tier> tiers = new HashMap<>();
    candidates.forEach(tier -> tiers.put(tier.name(), tier));
    List<TierView> views = views(candidates, reasons);
    List<Tier> accepted = new ArrayList<>();
    for (TierOpinion opinion : ask(request, views)) {
      TierView view = find(views, v -> v.name().equals(opinion.tier()));
      if (!opinion.accepted()) {
        reasons.put(opinion.tier(), opinion.reason());
      } else if (request.size().orElse(0) > view.freeBytes()) {
        reasons.put(opinion.tier(), full(request.size().orElse(0), view.freeBytes()));
      } else {
        accepted.add(tiers.get(opinion.tier()));
      }
    }
    if (accepted.isEmpty()) {
      throw new NoSuitableTierException(what, reasons);
    }
    return accepted;
  }

  /** The tiers that take artifacts, as rules see them: for {@link #order}, several times. */
  public List<TierView> views(List<Tier> candidates) {
    return views(candidates, new TreeMap<>());
  }

  private static List<TierView> views(List<Tier> candidates, Map<String, String> reasons) {
    List<TierView> views = new ArrayList<>();
    for (Tier tier : candidates) {
      view(tier, reasons).ifPresent(views::add);
    }
    return views;
  }

  /** Names of the tiers that the rule accepts, best first; whether they have room is not asked. */
  public List<String> order(PlacementRequest request, List<TierView> views) {
    return ask(request, views).stream()
        .filter(TierOpinion::accepted)
        .map(TierOpinion::tier)
        .toList();
  }

  private static TierView find(List<TierView> views, Predicate<TierView> which) {
    return views.stream().filter(which).findFirst().orElseThrow();
  }

  private static String full(long needed, long free) {
    return "full: " + free + " bytes free for artifacts, " + needed + " needed";
  }

  private static Optional<TierView> view(Tier tier, Map<String, String> reasons) {
    Optional<TierUse> use = tier.tryUse();
    if (use.isEmpty() || !tier.takesArtifacts()) {
      use.ifPresent(TierUse::close);
      reasons.put(tier.name(), notTaking(tier));
      return Optional.empty();
    }
    try (TierUse held = use.get()) {
      Capacity capacity = held.volume().medium().capacity();
      return Optional.of(
          new TierView(
              tier.name(),
              tier.role(),
              held.volume().medium().profile(),
              capacity.totalBytes(),
              held.volume().freeForPuts(),
              TierOptions.forRules(tier.spec())));
    } catch (IOException e) {
      use.get().failed(e);
      reasons.put(tier.name(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static String notTaking(Tier tier) {
    TierState state = tier.state();
    return switch (state) {
      case READ_ONLY -> "read-only";
      case DRAINING -> "is being removed";
      case OPENING -> "is being opened";
      default -> tier.problem().map(LarderException::getMessage).orElse(state.name());
    };
  }

  /** A rule that fails, or answers nonsense, is replaced by the built-in one. */
  private List<TierOpinion> ask(PlacementRequest request, List<TierView> views) {
    if (views.isEmpty()) {
      return List.of();
    }
    try (PolicyLease<PlacementRule> lease = rules.lease()) {
      List<TierOpinion> opinions = lease.policy().rank(request, List.copyOf(views));
      if (plausible(opinions, views)) {
        return opinions;
      }
      lease.withdraw("it did not give one opinion for each tier");
    } catch (RuntimeException e) {
      LOG.warn("the placement rule failed; the built-in one decides", e);
    }
    return new BuiltInPlacement().rank(request, views);
  }

  private static boolean plausible(List<TierOpinion> opinions, List<TierView> views) {
    List<String> asked = views.stream().map(TierView::name).sorted().toList();
    return opinions.stream().map(TierOpinion::tier).sorted().toList().equals(asked);
  }

  /**
   * Checks that a tier that was named takes an artifact.
   *
   * @throws LarderException {@code READ_ONLY}, {@code TIER_FULL}, {@code TIER_ABSENT}, …
   */
  public static void check(Tier tier, long size) throws LarderException {
    Map<String, String> reasons = new TreeMap<>();
    Optional<TierView> view = view(tier, reasons);
    if (view.isEmpty()) {
      if (tier.state() == TierState.READY) {
        throw new LarderException(
            ErrorCode.IO_ERROR, "tier " + tier.name() + ": " + reasons.get(tier.name()), "");
      }
      throw tier.state() == TierState.DRAINING
          ? new LarderException(
              ErrorCode.READ_ONLY, "tier " + tier.name() + " is being removed", "name another")
          : tier.unusable();
    }
    if (size > view.get().freeBytes()) {
      throw new LarderException(
          ErrorCode.TIER_FULL,
          "tier " + tier.name() + " is " + full(size, view.get().freeBytes()),
          "delete something and run 'larder gc', or name another tier");
    }
  }
}
