package dev.larder.tiering.tier;

import dev.larder.store.VolumeContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What tiers need from their surroundings.
 *
 * @param drivers that are installed
 * @param devices that are mounted
 * @param volumes what volumes are opened with
 * @param apartContexts makes what a volume of others is opened with: stamps of its own, else the
 *     same
 * @param openers where volumes are opened and closed
 * @param timer where attempts to open are started; its tasks are short
 * @param nanoTime monotonic
 * @param patience how long a tier that has just lost its driver is worth waiting for
 * @param drain how long users of a volume may take to let go of it
 * @param probe whether media are measured at their first use
 * @param listener of all tiers
 */
public record TierEnvironment(
    Drivers drivers,
    DeviceScanner devices,
    VolumeContext volumes,
    Supplier<VolumeContext> apartContexts,
    Executor openers,
    ScheduledExecutorService timer,
    LongSupplier nanoTime,
    Duration patience,
    Duration drain,
    boolean probe,
    TierListener listener) {

  VolumeContext apart() {
    return apartContexts.get();
  }
}
