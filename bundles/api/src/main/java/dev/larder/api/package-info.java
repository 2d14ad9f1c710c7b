/**
 * What users of Larder call: storing and reading artifacts, swapping models in, tiers, policies,
 * maintenance, statistics, health and events. Everything here is implemented by Larder's own
 * bundles ({@code @ProviderType}), so a consumer imports {@code [1.0,2)} and a provider {@code
 * [1.0,1.1)}.
 *
 * <p>All services are safe for use by many threads. Sizes are bytes, durations are monotonic,
 * {@link java.time.Instant}s are for people to read only. Failures are {@link
 * dev.larder.api.LarderException}s with a stable code.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
