package dev.larder.tiering.ram;

import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.Statistics.Prefetch;
import java.util.Map;

/**
 * How full the RAM cache is.
 *
 * @param usedBytes of its files, of loads under way, and of what is being removed
 * @param limitBytes most it may take
 * @param residents artifacts in it
 * @param evictions by cause, since the start
 * @param prefetch what was loaded ahead, since the start
 */
public record RamUsage(
    long usedBytes,
    long limitBytes,
    int residents,
    Map<EvictionCause, Long> evictions,
    Prefetch prefetch) {}
