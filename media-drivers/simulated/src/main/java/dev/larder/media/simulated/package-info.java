/**
 * A medium that exists in memory alone and goes wrong on purpose: seeded, deterministic, with a
 * volatile write cache. {@link dev.larder.media.simulated.SimulatedDisk} is plain Java, for tests;
 * {@link dev.larder.media.simulated.SimulatedDriver} makes it a tier of a real gateway.
 */
@NullMarked
package dev.larder.media.simulated;

import org.jspecify.annotations.NullMarked;
