package dev.larder.tiering.tier;

import dev.larder.api.TierSpec;
import java.util.Optional;

/**
 * What is kept of a tier over restarts.
 *
 * @param spec as it was asked for, with the driver that opened it and the place where it was last
 * @param volume what is known of its volume; empty before it was opened
 */
record TierDefinition(TierSpec spec, Optional<KnownVolume> volume) {}
