package dev.larder.bench.life;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.cli.CliException;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import dev.larder.tiering.ledger.CacheModel;
import dev.larder.tiering.ledger.HeatTable;
import dev.larder.tiering.ledger.HeatTable.Heat;
import dev.larder.tiering.plan.Home;
import dev.larder.tiering.plan.Move;
import dev.larder.tiering.plan.PlanTier;
import dev.larder.tiering.plan.TieringPlan;
import dev.larder.tiering.upkeep.RecentLoads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A gateway on a trace, with the classes that decide in the core: heat, plans, budgets, placement
 * rules, cache policies and ledger. What is moved is moved at once, and what is stored takes its
 * size; collections are not simulated. Not safe for use by several threads.
 */
public final class Life {

  /** A gateway looks more often; for a year that would take minutes. */
  private static final long PASS_NANOS = Duration.ofHours(4).toNanos();

  private static final long PASS_BYTES = 1L << 30;
  private static final int MOST_PASSES = 100;

  /** Where an artifact lies, and how large it is. */
  private static final class Stored {
    private final ArtifactKind kind;
    private long size;
    private @Nullable LifeStore home;

    Stored(ArtifactKind kind) {
      this.kind = kind;
    }
  }

  private final List<LifeStore> stores = new ArrayList<>(); // fastest first
  private final List<LifeStore> homes = new ArrayList<>();
  private final Map<String, LifeStore> byName = new HashMap<>();
  private final @Nullable LifeStore cache;
  private final @Nullable CacheModel cached;
  private final CacheModel ram;
  private final PlacementRule rule;
  private final long movePause;
  private final Map<Long, Stored> artifacts = new HashMap<>();
  private final HeatTable heat = new HeatTable(new SplittableRandom(1));
  private final RecentLoads recent;
  private long now;
  private long nextPass = PASS_NANOS;
  private boolean wished;

  private long accesses;
  private long bytes;
  private long ramHits;
  private long ramHitBytes;
  private final Map<Move.Reason, Long> moves = new HashMap<>();

  /**
   * A gateway that has just been set up.
   *
   * @param tiers at least one of them storage; of caches, the fastest is used
   * @param ramBytes of the RAM cache
   * @param movePause time before a home that was moved is moved again
   */
  public Life(
      List<LifeTier> tiers,
      long ramBytes,
      CachePolicy policy,
      PlacementRule rule,
      Duration movePause) {
    tiers.stream()
        .sorted(Comparator.comparingDouble(tier -> tier.profile().readLatencyMicros()))
        .forEach(tier -> stores.add(new LifeStore(tier)));
    for (LifeStore store : stores) {
      byName.put(store.tier.name(), store);
      if (store.tier.role() == TierRole.STORAGE) {
        homes.add(store);
      }
    }
    this.cache =
        stores.stream().filter(s -> s.tier.role() == TierRole.CACHE).findFirst().orElse(null);
    SplittableRandom random = new SplittableRandom(2);
    this.cached =
        cache == null
            ? null
            : new CacheModel(
                cache.tier.capacity(), policy, CacheModel.Admission.ALWAYS, random.split());
    this.ram = new CacheModel(ramBytes, policy, CacheModel.Admission.ALWAYS, random.split());
    this.rule = rule;
    this.movePause = movePause.toNanos();
    this.recent = new RecentLoads(() -> now);
  }

  /**
   * An artifact is swapped; one that is new, or has another size, is put before.
   *
   * @param at time since the beginning in nanoseconds, not before that of the last access
   * @param size bytes, 0 or more
   */
  public void access(long at, long key, long size) throws CliException {
    while (nextPass <= at) {
      now = nextPass;
      if (wished) {
        passes();
      }
      nextPass += PASS_NANOS;
    }
    now = at;
    Stored stored = put(key, size);
    accesses++;
    bytes += size;
    boolean onCache = cached != null && cached.isResident(key);
    LifeStore source = Objects.requireNonNull(onCache ? cache : stored.home);
    boolean hit = ram.access(key, size, source.tier.loadSeconds(size) * 1e6);
    if (hit) {
      ramHits++;
      ramHitBytes += size;
    } else {
      source.load(size);
      if (onCache && cached != null) {
        cached.access(key, size);
      } else {
        loaded(key, size);
      }
    }
    heat.use(key, now);
  }

  /** From a storage tier. */
  private void loaded(long key, long size) {
    heat.load(key, now);
    if (recent.loaded(digest(key)).isEmpty()) {
      return;
    }
    if (cached != null && cache != null && size <= cache.tier.capacity()) {
      if (cache.allows(size, now)) {
        cached.access(key, size);
        cache.filled += size;
      } else {
        cache.heldBack++;
      }
    } else {
      wished = true;
    }
  }

  private static Digest digest(long key) {
    return new Digest(key, key * 0x9E3779B97F4A7C15L, 0, 0);
  }

  private Stored put(long key, long size) throws CliException {
    // What is below a mebibyte is no model; it is placed as protocol data is.
    ArtifactKind kind = size < 1 << 20 ? ArtifactKind.PROTOCOL_DATA : ArtifactKind.MODEL;
    Stored stored = artifacts.computeIfAbsent(key, k -> new Stored(kind));
    if (stored.home != null && stored.size == size) {
      return stored;
    }
    if (stored.home != null) {
      stored.home.used -= stored.size;
    }
    stored.size = size;
    LifeStore home = place(kind, size);
    if (home == null) {
      relieve();
      home = place(kind, size);
    }
    if (home == null) {
      throw new CliException(
          "NO_SUITABLE_TIER",
          "after " + accesses + " accesses an artifact of " + size + " bytes fits on no tier",
          "give the tiers more room with --tier");
    }
    stored.home = home;
    home.used += size;
    home.put += size;
    heat.placed(key, true, now);
    relieve();
    return stored;
  }

  private @Nullable LifeStore place(ArtifactKind kind, long size) {
    PlacementRequest wish =
        new PlacementRequest(kind, Temperature.CACHED, OptionalLong.of(size), false);
    for (String name : order(wish, views())) {
      LifeStore store = byName.get(name);
      if (store != null && size <= store.free()) {
        return store;
      }
    }
    return null;
  }

  private List<TierView> views() {
    return homes.stream().map(LifeStore::view).toList();
  }

  private List<String> order(PlacementRequest wish, List<TierView> views) {
    return rule.rank(wish, views).stream()
        .filter(TierOpinion::accepted)
        .map(TierOpinion::tier)
        .toList();
  }

  private void relieve() {
    for (LifeStore store : homes.subList(0, homes.size() - 1)) {
      if (store.used > TieringPlan.HIGH_WATER * store.tier.capacity()) {
        carryOut(plan(Long.MAX_VALUE).relief());
        return;
      }
    }
  }

  private void passes() {
    wished = false;
    boolean more = true;
    for (int i = 0; more && i < MOST_PASSES; i++) {
      TieringPlan plan = plan(PASS_BYTES);
      List<Move> all = plan.all();
      for (Map.Entry<String, Long> each : plan.heldBack().entrySet()) {
        LifeStore store = byName.get(each.getKey());
        if (i == 0 && store != null) {
          store.heldBack++;
          wished = true; // it is tried again
        }
      }
      more = carryOut(all) >= PASS_BYTES / 2;
    }
  }

  private TieringPlan plan(long most) {
    List<PlanTier> tiers = homes.stream().map(store -> store.planned(now)).toList();
    List<Home> all = new ArrayList<>(artifacts.size());
    artifacts.forEach((key, stored) -> add(all, key, stored));
    List<TierView> views = views();
    return new TieringPlan(tiers, all, wish -> order(wish, views), most);
  }

  private void add(List<Home> all, long key, Stored stored) {
    LifeStore home = stored.home;
    if (home == null) {
      return;
    }
    Optional<Heat> known = Optional.ofNullable(heat.heat(key, now));
    all.add(
        new Home(
            digest(key),
            stored.kind,
            stored.size,
            stored.size,
            home.tier.name(),
            known.map(one -> one.temperature(now)).orElse(Temperature.ARCHIVE),
            known.map(Heat::loads).orElse(0.0),
            known.map(Heat::loadsPerSecond).orElse(0.0),
            known.map(Heat::lastTick).orElse(-1L),
            true,
            true,
            known.flatMap(Heat::lastMove).map(last -> now - last >= movePause).orElse(true)));
  }

  private long carryOut(List<Move> all) {
    long sum = 0;
    for (boolean up : new boolean[] {false, true}) {
      for (Move move : all) {
        if (move.isUp() == up) {
          sum += carryOut(move);
        }
      }
    }
    return sum;
  }

  private long carryOut(Move move) {
    long key = move.home().digest().a();
    Stored stored = artifacts.get(key);
    LifeStore target = byName.get(move.target());
    long size = move.home().storedBytes();
    if (stored == null
        || stored.home == null
        || target == null
        || size > target.free()
        || !(move.reason() == Move.Reason.PRESSURE || target.allows(size, now))) {
      return 0;
    }
    stored.home.used -= size;
    target.used += size;
    target.moved += size;
    stored.home = target;
    heat.moved(key, now);
    moves.merge(move.reason(), 1L, Long::sum);
    return size;
  }

  /** What has come of it until now. */
  public LifeOutcome outcome() {
    List<LifeOutcome.Tier> tiers = new ArrayList<>();
    for (LifeStore store : stores) {
      long used = store == cache && cached != null ? cached.usedBytes() : store.used;
      tiers.add(store.outcome(used, now));
    }
    return new LifeOutcome(
        now / 1e9,
        accesses,
        bytes,
        ramHits,
        ramHitBytes,
        artifacts.size(),
        Map.copyOf(moves),
        tiers);
  }
}
