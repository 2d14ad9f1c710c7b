package dev.larder.policy.placement.cost;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Placement by cost: first the tier where an artifact costs least, in seconds of waiting a day:
 *
 * <ul>
 *   <li>waiting: expected loads a day times latency and transfer, and the power that it takes;
 *   <li>holding: its bytes' share of the price of the medium over ten years, and of what writing
 *       them wears off it; the more, the less free room the tier has: the last tenth costs ten
 *       times what the first one does. So what is loaded seldom leaves the room of fast media to
 *       others, long before they are full.
 * </ul>
 *
 * <p>What a tier's medium costs can be said by the options {@code placement.price} (dollars for a
 * gigabyte), {@code placement.power} (watts) and {@code placement.cycles} of the tier. Protocol
 * data is refused where a small read takes a millisecond or more, if the wish is strict.
 */
@Capability(
    namespace = "larder.policy",
    name = CostPlacement.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=placement")
@Component(
    service = PlacementRule.class,
    property = PlacementRule.NAME + "=" + CostPlacement.SHORT_NAME)
@Designate(ocd = CostConfig.class)
public final class CostPlacement implements PlacementRule {

  static final String SHORT_NAME = "cost";

  static final String PRICE = TierView.OPTIONS + "price";
  static final String POWER = TierView.OPTIONS + "power";
  static final String CYCLES = TierView.OPTIONS + "cycles";

  private static final double LATENCY_LIMIT_MICROS = 1000;
  private static final double SECONDS_A_DAY = 86_400;
  private static final double LIFE_DAYS = 3650;
  private static final double GIGA = 1e9;

  /** A full tier's room is this scarce, and no scarcer: it may be made. */
  private static final double LEAST_FREE = 0.01;

  /** Of what is not known yet: a model is loaded about once a day. */
  private static final double USUAL_SIZE = 100e6;

  private final Weights weights;

  /** The rule with its defaults. */
  public CostPlacement() {
    this.weights = Weights.defaults();
  }

  /** The rule as configured. */
  @Activate
  public CostPlacement(CostConfig config) {
    this.weights = Weights.of(config);
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  /** A tier and what an artifact costs there, in seconds a day. */
  private record Cost(TierView tier, double waiting, double holding, boolean slow) {
    double sum() {
      return waiting + holding;
    }

    TierOpinion opinion() {
      String reason =
          slow
              ? String.format(
                  Locale.ROOT,
                  "reads in %.0f µs, protocol data wants less than 1000 µs",
                  tier.profile().readLatencyMicros())
              : String.format(
                  Locale.ROOT,
                  "costs %.3g s a day: %.3g of waiting, %.3g of holding",
                  sum(),
                  waiting,
                  holding);
      return new TierOpinion(tier.name(), !slow, reason);
    }
  }

  @Override
  public List<TierOpinion> rank(PlacementRequest request, List<TierView> tiers) {
    List<Cost> costs = new ArrayList<>();
    tiers.forEach(tier -> costs.add(cost(request, tier)));
    costs.sort(
        Comparator.comparing(Cost::slow)
            .thenComparingDouble(Cost::sum)
            .thenComparing(cost -> cost.tier().name()));
    return costs.stream().map(Cost::opinion).toList();
  }

  private Cost cost(PlacementRequest request, TierView tier) {
    var profile = tier.profile();
    double bytes = request.size().isPresent() ? request.size().getAsLong() : USUAL_SIZE;
    double seconds = profile.readLatencyMicros() / 1e6 + bytes / profile.readBytesPerSecond();
    MediumCost medium = medium(tier);
    double power = medium.watts() / 3600 * weights.secondsPerWattHour(); // for each second
    double waiting = loadsPerDay(request) * seconds * (1 + power);

    double life = 1 / LIFE_DAYS;
    if (medium.cycles() > 0) {
      life += 1 / (medium.cycles() * weights.stayDays());
    }
    double dollars = bytes / GIGA * medium.dollarsPerGigabyte() * life / free(tier);
    boolean slow =
        request.kind() == ArtifactKind.PROTOCOL_DATA
            && request.strict()
            && profile.readLatencyMicros() >= LATENCY_LIMIT_MICROS;
    return new Cost(tier, waiting, dollars * weights.secondsPerDollar(), slow);
  }

  private static double free(TierView tier) {
    double share = (double) tier.freeBytes() / Math.max(1, tier.capacityBytes());
    return Math.min(1, Math.max(LEAST_FREE, share));
  }

  /** What is not known yet is supposed by its temperature: hourly, daily, monthly. */
  private static double loadsPerDay(PlacementRequest request) {
    if (request.loadsPerSecond().isPresent()) {
      return request.loadsPerSecond().getAsDouble() * SECONDS_A_DAY;
    }
    return switch (request.temperature()) {
      case ACTIVE -> 24;
      case CACHED -> 1;
      case ARCHIVE -> 1.0 / 30;
    };
  }

  /** A figure that is none is as good as not said. */
  private MediumCost medium(TierView tier) {
    MediumCost supposed =
        weights
            .media()
            .getOrDefault(tier.profile().mediaClass(), MediumCost.of(tier.profile().mediaClass()));
    return new MediumCost(
        option(tier, PRICE, supposed.dollarsPerGigabyte()),
        option(tier, POWER, supposed.watts()),
        option(tier, CYCLES, supposed.cycles()));
  }

  private static double option(TierView tier, String name, double otherwise) {
    String text = tier.options().get(name);
    return text == null ? otherwise : Weights.number(text).orElse(otherwise);
  }
}
