package dev.larder.spi.placement;

import dev.larder.api.TierRole;
import dev.larder.spi.media.MediaProfile;

/**
 * A tier as a rule sees it.
 *
 * @param name its name
 * @param role what its replicas are worth
 * @param profile its medium
 * @param capacityBytes most that Larder may take
 * @param freeBytes what it may still take
 */
public record TierView(
    String name, TierRole role, MediaProfile profile, long capacityBytes, long freeBytes) {}
