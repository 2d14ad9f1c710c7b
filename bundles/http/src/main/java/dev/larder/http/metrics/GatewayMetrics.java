package dev.larder.http.metrics;

import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.api.Statistics;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.Statistics.Latency;
import dev.larder.api.SwapLevel;
import dev.larder.api.TierInfo;
import dev.larder.api.TierState;
import dev.larder.http.core.Services;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gateway's services tell. How many series there are depends on the number of tiers and
 * policies, never on that of artifacts. A service that is away leaves its part out.
 */
final class GatewayMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayMetrics.class);
  private static final double NANOS = 1e9;

  private final Services services;
  private final Metrics metrics;

  GatewayMetrics(Services services, Metrics metrics) {
    this.services = services;
    this.metrics = metrics;
  }

  private interface Part {
    void tell() throws LarderException;
  }

  void gather() {
    health(services.health());
    part(() -> statistics(services.statistics().current()));
    part(() -> services.tierManager().tiers().forEach(this::tier));
    part(() -> services.policyManager().policies().forEach(this::policy));
  }

  private static void part(Part part) {
    try {
      part.tell();
    } catch (LarderException e) {
      LOG.debug("some figures cannot be had", e);
    }
  }

  private void health(Optional<HealthService> health) {
    boolean ready = health.map(HealthService::ready).orElse(false);
    metrics.gauge("larder_ready", "1 if every tier is open or told to be absent", ready ? 1 : 0);
    for (Severity severity : Severity.values()) {
      metrics.gauge(
          "larder_health_findings",
          "What is not as it should be, by severity",
          health
              .map(h -> h.findings().stream().filter(f -> f.severity() == severity).count())
              .orElse(0L),
          "severity",
          name(severity));
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void statistics(Statistics s) {
    metrics.gauge("larder_artifacts", "Live references", s.artifacts());
    metrics.gauge("larder_logical_bytes", "Sizes of what they stand for", s.logicalBytes());
    metrics.gauge(
        "larder_stored_bytes", "Encoded bytes of unique blocks on storage tiers", s.storedBytes());
    metrics.gauge(
        "larder_physical_bytes", "Allocated bytes of storage tiers and catalog", s.physicalBytes());
    metrics.gauge("larder_replica_bytes", "Encoded bytes of further replicas", s.replicaBytes());
    metrics.gauge("larder_unique_blocks", "Distinct blocks on storage tiers", s.uniqueBlocks());
    metrics.gauge("larder_index_bytes", "Memory of the block indexes", s.indexBytes());
    metrics.counter("larder_forces", "Force calls at the media", s.forces());
    cache(s.cache());
    for (SwapLevel level : SwapLevel.values()) {
      swaps(level, s.swaps().getOrDefault(level, Latency.NONE));
    }
    metrics.counter(
        "larder_prefetch_useful_bytes",
        "Loaded ahead and used before it was evicted",
        s.prefetch().usefulBytes());
    metrics.counter(
        "larder_prefetch_wasted_bytes",
        "Loaded ahead and evicted unused",
        s.prefetch().wastedBytes());
  }

  private void cache(Statistics.Cache cache) {
    metrics.gauge("larder_ram_used_bytes", "In the RAM cache", cache.usedBytes());
    metrics.gauge("larder_ram_limit_bytes", "Most that it may take", cache.limitBytes());
    metrics.gauge("larder_ram_artifacts", "Artifacts in it", cache.residents());
    metrics.counter("larder_ram_hits", "Swaps served from RAM", cache.hits());
    metrics.counter("larder_ram_misses", "Swaps that had to load", cache.misses());
    metrics.counter("larder_ram_hit_bytes", "Sizes of the hits", cache.hitBytes());
    metrics.counter("larder_ram_miss_bytes", "Sizes of the misses", cache.missBytes());
    for (EvictionCause cause : EvictionCause.values()) {
      metrics.counter(
          "larder_ram_evictions",
          "Artifacts that left the RAM cache, by cause",
          cache.evictions().getOrDefault(cause, 0L),
          "cause",
          name(cause));
    }
  }

  private void swaps(SwapLevel level, Latency latency) {
    int bounds = Latency.BOUNDS_NANOS.size();
    double[] seconds = new double[bounds + 1];
    long[] counts = new long[bounds + 1];
    long below = 0;
    for (int i = 0; i < bounds; i++) {
      seconds[i] = Latency.BOUNDS_NANOS.get(i) / NANOS;
      counts[i] = latency.within().get(i) - below;
      below = latency.within().get(i);
    }
    seconds[bounds] = Double.POSITIVE_INFINITY;
    counts[bounds] = latency.count() - below;
    metrics.histogram(
        "larder_swap_seconds",
        "How long swaps took, by the level that served them",
        seconds,
        counts,
        latency.sumNanos() / NANOS,
        "level",
        name(level));
  }

  private void tier(TierInfo tier) {
    List<String> label = List.of("tier", tier.name());
    String[] labels = label.toArray(String[]::new);
    metrics.gauge(
        "larder_tier_info",
        "What a tier is; always 1",
        1,
        "tier",
        tier.name(),
        "driver",
        tier.driver(),
        "medium",
        tier.medium(),
        "role",
        name(tier.role()));
    boolean usable = tier.state() == TierState.READY;
    metrics.gauge("larder_tier_ready", "1 if it can be used", usable ? 1 : 0, labels);
    metrics.gauge(
        "larder_tier_capacity_bytes", "Most that it may take", tier.capacityBytes(), labels);
    metrics.gauge("larder_tier_used_bytes", "Allocated bytes on it", tier.usedBytes(), labels);
    metrics.gauge("larder_tier_artifacts", "Replicas on it", tier.artifacts(), labels);
    metrics.gauge(
        "larder_tier_read_latency_seconds",
        "Of one small read",
        tier.readLatencyMicros() / 1e6,
        labels);
    metrics.gauge(
        "larder_tier_read_bytes_per_second",
        "Bandwidth of reading",
        tier.bandwidthMBps() * 1e6,
        labels);
    metrics.counter(
        "larder_tier_written_bytes",
        "Written to its medium since the volume was made",
        tier.bytesWritten(),
        labels);
    tier.lifeUsed()
        .ifPresent(
            used ->
                metrics.gauge(
                    "larder_tier_life_used_ratio",
                    "Share of its rated life that is used, as the medium tells",
                    used,
                    labels));
  }

  private void policy(PolicyInfo policy) {
    metrics.gauge(
        "larder_policy_active",
        "1 if the policy decides now",
        policy.active() ? 1 : 0,
        "service",
        name(policy.service()),
        "policy",
        policy.name());
  }
}
