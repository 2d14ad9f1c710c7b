package dev.larder.tiering.placement;

import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import java.util.Comparator;
import java.util.List;

/** Decides where no other rule does: the tier with most room. */
public final class BuiltInPlacement implements PlacementRule {

  /** Its name. */
  public static final String SHORT_NAME = "most-room";

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public List<TierOpinion> rank(PlacementRequest request, List<TierView> tiers) {
    return tiers.stream()
        .sorted(
            Comparator.comparingLong(TierView::freeBytes).reversed().thenComparing(TierView::name))
        .map(tier -> new TierOpinion(tier.name(), true, "has most room"))
        .toList();
  }
}
