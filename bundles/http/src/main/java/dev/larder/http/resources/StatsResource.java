package dev.larder.http.resources;

import dev.larder.api.Statistics;
import dev.larder.api.StatisticsService;
import dev.larder.api.SwapLevel;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Json;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures: {@code /v1/stats}. */
public final class StatsResource {

  /** All figures. */
  public record StatsView(
      String mark,
      long artifacts,
      long logicalBytes,
      long storedBytes,
      long physicalBytes,
      long replicaBytes,
      long totalBlocks,
      long uniqueBlocks,
      long dedupSavedBytes,
      double compressionRatio,
      double totalRatio,
      double efficiency,
      long forces,
      long indexBytes,
      CacheView cache,
      Map<SwapLevel, LatencyView> swaps,
      PrefetchView prefetch) {

    static StatsView of(Statistics s) {
      Map<SwapLevel, LatencyView> swaps = new EnumMap<>(SwapLevel.class);
      for (SwapLevel level : SwapLevel.values()) {
        swaps.put(level, LatencyView.of(s.swaps().getOrDefault(level, Statistics.Latency.NONE)));
      }
      return new StatsView(
          s.mark(),
          s.artifacts(),
          s.logicalBytes(),
          s.storedBytes(),
          s.physicalBytes(),
          s.replicaBytes(),
          s.totalBlocks(),
          s.uniqueBlocks(),
          s.dedupSavedBytes(),
          Json.ratio(s.rawBytes(), s.storedBytes()),
          Json.ratio(s.logicalBytes(), s.physicalBytes()),
          Json.ratio(s.storedBytes(), s.physicalBytes()),
          s.forces(),
          s.indexBytes(),
          CacheView.of(s.cache()),
          swaps,
          PrefetchView.of(s.prefetch()));
    }
  }

  /** The RAM cache. */
  public record CacheView(
      String policy,
      long policyGeneration,
      long hits,
      long misses,
      double byteHitRatio,
      Map<Statistics.EvictionCause, Long> evictions,
      long usedBytes,
      long limitBytes,
      long residents,
      String folder) {

    static CacheView of(Statistics.Cache c) {
      Map<Statistics.EvictionCause, Long> evictions = new EnumMap<>(Statistics.EvictionCause.class);
      for (Statistics.EvictionCause cause : Statistics.EvictionCause.values()) {
        evictions.put(cause, c.evictions().getOrDefault(cause, 0L));
      }
      return new CacheView(
          c.policy(),
          c.policyGeneration(),
          c.hits(),
          c.misses(),
          Json.ratio(c.hitBytes(), (double) c.hitBytes() + c.missBytes()),
          evictions,
          c.usedBytes(),
          c.limitBytes(),
          c.residents(),
          c.folder());
    }
  }

  /** Latencies of swaps. */
  public record LatencyView(
      long count, BigDecimal p50Millis, BigDecimal p99Millis, BigDecimal maxMillis) {
    static LatencyView of(Statistics.Latency l) {
      return new LatencyView(
          l.count(),
          Json.millis(l.p50Nanos()),
          Json.millis(l.p99Nanos()),
          Json.millis(l.maxNanos()));
    }
  }

  /** What was loaded ahead. */
  public record PrefetchView(long usefulBytes, long wastedBytes, double precision) {
    static PrefetchView of(Statistics.Prefetch p) {
      return new PrefetchView(
          p.usefulBytes(),
          p.wastedBytes(),
          Json.ratio(p.usefulBytes(), (double) p.usefulBytes() + p.wastedBytes()));
    }
  }

  private final Services services;

  /** The resource over these services. */
  public StatsResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(Route.of("GET", "/v1/stats", "Figures, or since a mark: since=", this::get));
  }

  private void get(Exchange exchange) throws IOException {
    StatisticsService statistics = services.statistics();
    Optional<String> mark = exchange.query("since");
    exchange.send(
        200, StatsView.of(mark.isPresent() ? statistics.since(mark.get()) : statistics.current()));
  }
}
