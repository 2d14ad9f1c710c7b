package dev.larder.spi.placement;

import dev.larder.api.TierRole;
import dev.larder.spi.media.MediaProfile;
import java.util.Map;

/**
 * A tier as a rule sees it.
 *
 * @param name its name
 * @param role what its replicas are worth
 * @param profile its medium
 * @param capacityBytes most that Larder may take
 * @param freeBytes what it may still take
 * @param options of the tier that are for rules: those whose names begin with {@link #OPTIONS}, as
 *     they were written
 */
public record TierView(
    String name,
    TierRole role,
    MediaProfile profile,
    long capacityBytes,
    long freeBytes,
    Map<String, String> options) {

  /** What the names of options for placement rules begin with. */
  public static final String OPTIONS = "placement.";

  /** A tier with no options for rules. */
  public TierView(
      String name, TierRole role, MediaProfile profile, long capacityBytes, long freeBytes) {
    this(name, role, profile, capacityBytes, freeBytes, Map.of());
  }
}
