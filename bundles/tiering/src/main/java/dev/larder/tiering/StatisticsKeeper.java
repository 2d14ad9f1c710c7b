package dev.larder.tiering;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Statistics;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.api.StatisticsService;
import dev.larder.api.SwapLevel;
import dev.larder.api.TierRole;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.VolumeStatistics;
import dev.larder.tiering.ram.RamUsage;
import dev.larder.tiering.swap.SwapFigures;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of the gateway, and marks to count from. */
final class StatisticsKeeper implements StatisticsService {

  private static final Logger LOG = LoggerFactory.getLogger(StatisticsKeeper.class);
  private static final int MARKS = 64;

  /** Counters at one moment. */
  private record Counters(
      SwapFigures swaps,
      Map<EvictionCause, Long> evictions,
      long forces,
      Statistics.Prefetch prefetch) {}

  private final Access access;
  private final Map<String, Counters> marks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Counters> eldest) {
          return size() > MARKS;
        }
      };
  private long lastMark; // guarded by marks

  StatisticsKeeper(Access access) {
    this.access = access;
  }

  /** Sums over volumes. */
  private static final class Sums {
    long stored;
    long raw;
    long replicas;
    long unique;
    long allocated;
    long forces;
    long index;
    long artifacts;
    long logical;
    long blocks;
  }

  @Override
  public Statistics current() {
    return access.ifOpen().map(gateway -> tell(gateway, null)).orElseGet(StatisticsKeeper::nothing);
  }

  @Override
  public Statistics since(String mark) throws LarderException {
    Counters from;
    synchronized (marks) {
      from = marks.get(mark);
    }
    if (from == null) {
      throw new LarderException(
          ErrorCode.NOT_FOUND,
          "there is no mark '" + mark + "'",
          "take one from 'larder stats --json'; the last " + MARKS + " are kept");
    }
    return tell(access.gateway(), from);
  }

  private Statistics tell(Gateway gateway, @Nullable Counters from) {
    Sums sums = new Sums();
    volumes(gateway, sums);
    references(gateway, sums);
    SwapFigures swaps = gateway.swapper.figures();
    RamUsage ram = gateway.ram.usage();
    Counters now = new Counters(swaps, Map.copyOf(ram.evictions()), sums.forces, ram.prefetch());
    String mark = mark(now);
    SwapFigures told = from == null ? swaps : swaps.since(from.swaps());
    return new Statistics(
        mark,
        sums.artifacts,
        sums.logical,
        sums.stored,
        sums.allocated + gateway.catalog.allocatedBytes(),
        sums.replicas,
        sums.blocks,
        sums.unique,
        Math.max(0, sums.logical - sums.raw),
        from == null ? sums.forces : Math.max(0, sums.forces - from.forces()),
        sums.index,
        sums.raw,
        new Statistics.Cache(
            gateway.policies.cache().active(),
            gateway.policies.cache().generation(),
            told.hits(),
            told.misses(),
            told.hitBytes(),
            told.missBytes(),
            evictions(now, from),
            ram.usedBytes(),
            ram.limitBytes(),
            ram.residents(),
            gateway.ram.folder().toString()),
        told.latencies(),
        prefetch(now, from));
  }

  private String mark(Counters now) {
    synchronized (marks) {
      String name = "m" + ++lastMark;
      marks.put(name, now);
      return name;
    }
  }

  private static Map<EvictionCause, Long> evictions(Counters now, @Nullable Counters from) {
    Map<EvictionCause, Long> evictions = new EnumMap<>(EvictionCause.class);
    for (EvictionCause cause : EvictionCause.values()) {
      long before = from == null ? 0 : from.evictions().getOrDefault(cause, 0L);
      evictions.put(cause, now.evictions().getOrDefault(cause, 0L) - before);
    }
    return evictions;
  }

  private static Statistics.Prefetch prefetch(Counters now, @Nullable Counters from) {
    return from == null
        ? now.prefetch()
        : new Statistics.Prefetch(
            now.prefetch().usefulBytes() - from.prefetch().usefulBytes(),
            now.prefetch().wastedBytes() - from.prefetch().wastedBytes());
  }

  private static void volumes(Gateway gateway, Sums sums) {
    for (Tier tier : gateway.tiers.all()) {
      Optional<TierUse> use = tier.tryUse();
      if (use.isPresent()) {
        try (TierUse held = use.get()) {
          add(sums, tier, held.volume().statistics());
        } catch (IOException e) {
          use.get().failed(e);
          LOG.debug("figures of tier {} cannot be had", tier.name(), e);
        }
      }
    }
    furtherReplicas(gateway, sums);
  }

  private static void add(Sums sums, Tier tier, VolumeStatistics figures) {
    sums.forces += figures.forces();
    sums.index += figures.indexBytes();
    if (tier.role() == TierRole.CACHE) {
      sums.replicas += figures.storedBytes();
    } else {
      sums.stored += figures.storedBytes();
      sums.raw += figures.rawBytes();
      sums.unique += figures.uniqueBlocks();
      sums.allocated += figures.allocatedBytes();
    }
  }

  /** What a second home takes is no unique block's. */
  private static void furtherReplicas(Gateway gateway, Sums sums) {
    if (gateway.tiers.of(TierRole.STORAGE).size() < 2) {
      return;
    }
    for (Digest digest : gateway.names.targets().keySet()) {
      long first = -1;
      for (Tier tier : gateway.replicas.holders(digest)) {
        long bytes = tier.role() == TierRole.STORAGE ? storedBytes(tier, digest) : 0;
        if (bytes > 0 && first < 0) {
          first = bytes;
        } else {
          sums.stored -= bytes;
          sums.replicas += bytes;
        }
      }
    }
  }

  private static long storedBytes(Tier tier, Digest digest) {
    TierUse use = tier.tryUse().orElse(null);
    if (use == null) {
      return 0;
    }
    try (use) {
      return use.volume().artifact(digest).map(ArtifactEntry::storedBytes).orElse(0L);
    }
  }

  private static void references(Gateway gateway, Sums sums) {
    gateway
        .names
        .targets()
        .forEach(
            (digest, references) -> {
              sums.artifacts += references;
              ArtifactEntry entry = gateway.replicas.entry(digest).orElse(null);
              if (entry != null) {
                sums.logical += references * entry.size();
                sums.blocks += (long) references * entry.blocks();
              }
            });
  }

  private static Statistics nothing() {
    Map<SwapLevel, Statistics.Latency> none = new EnumMap<>(SwapLevel.class);
    for (SwapLevel level : SwapLevel.values()) {
      none.put(level, Statistics.Latency.NONE);
    }
    Map<EvictionCause, Long> evictions = new EnumMap<>(EvictionCause.class);
    return new Statistics(
        "m0",
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        new Statistics.Cache("", 0, 0, 0, 0, 0, evictions, 0, 0, 0, ""),
        none,
        new Statistics.Prefetch(0, 0));
  }
}
