package dev.larder.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A tier that was removed without being emptied.
 *
 * @param tier its name
 * @param volume UUID of its volume, if it was ever opened; added again, it has to be imported
 * @param references that can no longer be read, sorted: their content was on this tier only, as far
 *     as the gateway knows
 */
public record ForgottenTier(String tier, Optional<UUID> volume, List<Reference> references) {}
