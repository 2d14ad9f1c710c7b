package dev.larder.spi.placement;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Ranks the tiers for an artifact. Registered as an OSGi service with the property {@link #NAME}. A
 * pure function: no state, any thread.
 */
@ConsumerType
public interface PlacementRule {

  /** Service property: the rule's short name. */
  String NAME = "larder.policy.placement";

  /** Short name, the same as the service property. */
  String name();

  /**
   * Judges the tiers.
   *
   * @param request what is to be placed
   * @param tiers those that are attached, of the roles in question; room and writability are
   *     checked by the core
   * @return one opinion for each tier, best first; those refused at the end
   */
  List<TierOpinion> rank(PlacementRequest request, List<TierView> tiers);
}
