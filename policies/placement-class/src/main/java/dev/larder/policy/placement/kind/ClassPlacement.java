package dev.larder.policy.placement.kind;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Placement by class of medium:
 *
 * <ul>
 *   <li>protocol data: tiers that read in less than a millisecond, the quickest first; the others
 *       after them, or not at all where the wish is {@code strict};
 *   <li>active models: the tier that reads fastest;
 *   <li>cached models: NVMe or eMMC, then the others, the faster first;
 *   <li>archived models: any, the slowest first, to keep the fast ones free.
 * </ul>
 *
 * <p>Equals are ordered by free room, then by name, so that the same tiers give the same order.
 */
@Capability(
    namespace = "larder.policy",
    name = ClassPlacement.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=placement")
@Component(
    service = PlacementRule.class,
    property = PlacementRule.NAME + "=" + ClassPlacement.SHORT_NAME)
public final class ClassPlacement implements PlacementRule {

  static final String SHORT_NAME = "class";

  private static final double LATENCY_LIMIT_MICROS = 1000;

  private static final Comparator<TierView> TIES =
      Comparator.comparingLong(TierView::freeBytes).reversed().thenComparing(TierView::name);
  private static final Comparator<TierView> FASTEST =
      Comparator.comparingLong((TierView tier) -> tier.profile().readBytesPerSecond())
          .reversed()
          .thenComparingDouble(tier -> tier.profile().readLatencyMicros());
  private static final Comparator<TierView> QUICKEST =
      Comparator.comparingDouble((TierView tier) -> tier.profile().readLatencyMicros())
          .thenComparing(FASTEST);

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public List<TierOpinion> rank(PlacementRequest request, List<TierView> tiers) {
    List<TierOpinion> accepted = new ArrayList<>();
    List<TierOpinion> refused = new ArrayList<>();
    for (TierView tier : tiers.stream().sorted(order(request).thenComparing(TIES)).toList()) {
      TierOpinion opinion = opinion(request, tier);
      (opinion.accepted() ? accepted : refused).add(opinion);
    }
    accepted.addAll(refused);
    return List.copyOf(accepted);
  }

  private static Comparator<TierView> order(PlacementRequest request) {
    if (request.kind() == ArtifactKind.PROTOCOL_DATA) {
      return QUICKEST;
    }
    return switch (request.temperature()) {
      case ACTIVE -> FASTEST;
      case CACHED ->
          Comparator.comparing((TierView tier) -> !forCached(tier)).thenComparing(FASTEST);
      case ARCHIVE -> FASTEST.reversed();
    };
  }

  private static boolean forCached(TierView tier) {
    MediaClass media = tier.profile().mediaClass();
    return media == MediaClass.NVME || media == MediaClass.EMMC;
  }

  private static TierOpinion opinion(PlacementRequest request, TierView tier) {
    if (request.kind() != ArtifactKind.PROTOCOL_DATA) {
      return new TierOpinion(tier.name(), true, modelReason(request, tier));
    }
    double latency = tier.profile().readLatencyMicros();
    boolean quick = latency < LATENCY_LIMIT_MICROS;
    String reason =
        String.format(
            Locale.ROOT,
            quick ? "reads in %.0f µs" : "reads in %.0f µs, protocol data wants less than 1000 µs",
            latency);
    return new TierOpinion(tier.name(), quick || !request.strict(), reason);
  }

  private static String modelReason(PlacementRequest request, TierView tier) {
    long rate = tier.profile().readBytesPerSecond() / 1_000_000;
    return switch (request.temperature()) {
      case ACTIVE -> "active: fastest first, reads " + rate + " MB/s";
      case CACHED ->
          forCached(tier)
              ? "cached: " + tier.profile().mediaClass() + ", reads " + rate + " MB/s"
              : "cached: neither NVMe nor eMMC, reads " + rate + " MB/s";
      case ARCHIVE -> "archived: slowest first, reads " + rate + " MB/s";
    };
  }
}
