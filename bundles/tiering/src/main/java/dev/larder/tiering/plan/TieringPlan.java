package dev.larder.tiering.plan;

import dev.larder.api.Temperature;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.tiering.plan.Move.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what moves between storage tiers. In this order, so that no step undoes another:
 *
 * <ol>
 *   <li>pressure: tiers above 90 % hand what is worth least on them to slower ones, down to 80 %;
 *       room is made whatever it wears, and if nothing else is left, of what was moved lately;
 *   <li>hot: what was loaded at least twice lately and would be loaded clearly faster goes up, most
 *       seconds saved for each byte first: into room below 80 %, else in exchange for what is worth
 *       clearly less there;
 *   <li>cold: tiers above 70 % hand on what was not used for long.
 * </ol>
 *
 * <p>Where things may go is the placement rule's to say; worth is expected loads a second times the
 * seconds that each takes longer on the slower tier. All but the first step leave alone what was
 * moved lately, and write no more to a tier than its budget allows, on both sides of an exchange.
 *
 * <p>For one use by one thread.
 */
public final class TieringPlan {

  /** Above this share, a tier is relieved … */
  public static final double HIGH_WATER = 0.90;

  /** … to this one, above which nothing goes up without an exchange. */
  public static final double LOW_WATER = 0.80;

  /** Above this one, what is cold goes. */
  static final double COLD_WATER = 0.70;

  /**
   * What goes up is worth so many times what makes room for it: it pays the writes of both, and two
   * things of about the same worth do not change places for ever.
   */
  static final double MARGIN = 2;

  /** Decayed count: loaded at least twice, and not for the last time. */
  static final double HOT_LOADS = 1.5;

  /** So many of the hottest, and of the coldest of each tier, are looked at. */
  private static final int LOOKED_AT = 512;

  /** The placement rule with the tiers that there are. */
  @FunctionalInterface
  public interface Ranker {
    /** Names of the tiers that may take something, best first; none if none may. */
    List<String> rank(PlacementRequest request);
  }

  private final Map<String, PlanTier> tiers = new LinkedHashMap<>();
  private final Map<String, List<Home>> coldest = new HashMap<>(); // coldest first
  private final List<Home> hottest; // hottest first
  private final Ranker ranker;
  private final Map<String, Long> free = new HashMap<>();
  private final Map<String, Long> budget = new HashMap<>();
  private final Set<Home> moved = new HashSet<>();
  private final List<Move> moves = new ArrayList<>();
  private final Map<String, Long> heldBack = new TreeMap<>();
  private long left;

  /**
   * A plan.
   *
   * @param tiers storage tiers that take artifacts, fastest first
   * @param homes on them
   * @param mostBytes to be moved, beyond what pressure asks for
   */
  public TieringPlan(List<PlanTier> tiers, Collection<Home> homes, Ranker ranker, long mostBytes) {
    for (PlanTier tier : tiers) {
      this.tiers.put(tier.name(), tier);
      free.put(tier.name(), tier.freeBytes());
      budget.put(tier.name(), tier.budgetBytes());
    }
    this.ranker = ranker;
    this.left = mostBytes;
    for (PlanTier tier : tiers) {
      PlanTier slowest = tiers.get(tiers.size() - 1);
      Comparator<Home> worth =
          Comparator.comparingDouble((Home home) -> density(home, tier, slowest))
              .thenComparingLong(Home::lastTick);
      coldest.put(
          tier.name(),
          first(
              homes.stream().filter(h -> h.tier().equals(tier.name()) && h.maySink()).toList(),
              worth));
    }
    hottest =
        first(
            homes.stream().filter(this::isHot).toList(),
            Comparator.comparingDouble(
                (Home home) -> -density(home, tiers.get(0), tier(home.tier()))));
  }

  /** The first so many in an order, in that order: there may be a hundred thousand. */
  private static List<Home> first(Collection<Home> homes, Comparator<Home> order) {
    PriorityQueue<Home> kept = new PriorityQueue<>(order.reversed());
    for (Home home : homes) {
      Home last = kept.size() < LOOKED_AT ? null : kept.peek();
      if (last == null) {
        kept.add(home);
      } else if (order.compare(home, last) < 0) {
        kept.poll();
        kept.add(home);
      }
    }
    List<Home> sorted = new ArrayList<>(kept);
    sorted.sort(order);
    return sorted;
  }

  private boolean isHot(Home home) {
    return home.mayRise()
        && home.settled()
        && home.loads() >= HOT_LOADS
        && home.temperature() != Temperature.ARCHIVE
        && tiers.containsKey(home.tier());
  }

  /** Seconds saved in a second, for each byte, by lying on one tier rather than on another. */
  private static double density(Home home, PlanTier fast, PlanTier slow) {
    return worth(home, fast, slow) / Math.max(1, home.storedBytes());
  }

  private static double worth(Home home, PlanTier fast, PlanTier slow) {
    return home.loadsPerSecond()
        * (slow.loadSeconds(home.storedBytes()) - fast.loadSeconds(home.storedBytes()));
  }

  /** All steps. */
  public List<Move> all() {
    pressure();
    hot();
    cold();
    return List.copyOf(moves);
  }

  /** Only what makes room on tiers that are nearly full. */
  public List<Move> relief() {
    pressure();
    return List.copyOf(moves);
  }

  /** Tiers that something would have gone to if their budgets had allowed it, and its bytes. */
  public Map<String, Long> heldBack() {
    return Map.copyOf(heldBack);
  }

  private PlanTier tier(String name) {
    return Objects.requireNonNull(tiers.get(name), name);
  }

  private List<PlanTier> slowerThan(PlanTier tier) {
    List<PlanTier> all = new ArrayList<>(tiers.values());
    return all.subList(all.indexOf(tier) + 1, all.size());
  }

  private double fill(PlanTier tier, long more) {
    return tier.capacityBytes() <= 0
        ? 1
        : 1 - (double) (free.getOrDefault(tier.name(), 0L) - more) / tier.capacityBytes();
  }

  private void pressure() {
    for (PlanTier tier : tiers.values()) {
      if (fill(tier, 0) > HIGH_WATER) {
        relieve(tier, true);
        relieve(tier, false);
      }
    }
  }

  private void relieve(PlanTier tier, boolean settled) {
    for (Home home : coldest.getOrDefault(tier.name(), List.of())) {
      if (fill(tier, 0) <= LOW_WATER) {
        return;
      }
      if (home.settled() == settled && !moved.contains(home)) {
        PlanTier target = lower(home, tier, Reason.PRESSURE);
        if (target != null) {
          add(home, tier, target, Reason.PRESSURE);
        }
      }
    }
  }

  /**
   * The best tier that is slower than this one and has room; null if there is none. What must go
   * goes anywhere, what is only cold no further than the rule likes it better than where it is.
   */
  private @Nullable PlanTier lower(Home home, PlanTier from, Reason reason) {
    List<PlanTier> slower = slowerThan(from);
    if (slower.isEmpty()) {
      return null;
    }
    for (String name : ranker.rank(request(home, Temperature.ARCHIVE))) {
      PlanTier tier = tiers.get(name);
      if (tier == from && reason == Reason.COLD) {
        return null;
      }
      if (tier != null
          && slower.contains(tier)
          && fill(tier, home.storedBytes()) < HIGH_WATER
          && (reason == Reason.PRESSURE || affords(tier, home.storedBytes()))) {
        return tier;
      }
    }
    return null;
  }

  private boolean affords(PlanTier tier, long bytes) {
    boolean affords = budget.getOrDefault(tier.name(), 0L) >= Math.min(bytes, tier.dailyBytes());
    if (!affords) {
      heldBack.merge(tier.name(), bytes, Math::min);
    }
    return affords;
  }

  private static PlacementRequest request(Home home, Temperature temperature) {
    return new PlacementRequest(
        home.kind(),
        temperature,
        OptionalLong.of(home.size()),
        false,
        OptionalDouble.of(home.loadsPerSecond()));
  }

  private void add(Home home, PlanTier from, PlanTier to, Reason reason) {
    moves.add(new Move(home, to.name(), reason));
    moved.add(home);
    free.merge(from.name(), home.storedBytes(), Long::sum);
    free.merge(to.name(), -home.storedBytes(), Long::sum);
    budget.merge(to.name(), -home.storedBytes(), Long::sum);
    left -= home.storedBytes();
  }

  private void hot() {
    for (Home home : hottest) {
      if (left <= 0) {
        return;
      }
      PlanTier from = tier(home.tier());
      PlanTier target = moved.contains(home) ? null : upper(home, from);
      if (target != null && affords(target, home.storedBytes())) {
        raise(home, from, target);
      }
    }
  }

  /** The tier that the rule likes best, if that is faster than where it is. */
  private @Nullable PlanTier upper(Home home, PlanTier from) {
    for (String name : ranker.rank(request(home, Temperature.ACTIVE))) {
      PlanTier tier = tiers.get(name);
      if (tier == from) {
        return null;
      }
      if (tier != null
          && tier.isFasterThan(from, home.storedBytes())
          && home.storedBytes() < LOW_WATER * tier.capacityBytes()) {
        return tier;
      }
    }
    return null;
  }

  private void raise(Home home, PlanTier from, PlanTier target) {
    if (fill(target, home.storedBytes()) <= LOW_WATER) {
      add(home, from, target, Reason.HOT);
      return;
    }
    double most = worth(home, target, from) / MARGIN;
    // A tier that is between the marks gets no fuller, and no emptier either.
    long toLowWater =
        home.storedBytes()
            - free.getOrDefault(target.name(), 0L)
            + (long) ((1 - LOW_WATER) * target.capacityBytes());
    long missing = Math.min(home.storedBytes(), toLowWater);
    Map<Home, PlanTier> victims = new LinkedHashMap<>();
    Map<String, Long> spent = new HashMap<>();
    for (Home victim : coldest.getOrDefault(target.name(), List.of())) {
      if (missing <= 0) {
        break;
      }
      if (!victim.settled() || moved.contains(victim) || victim == home) {
        continue;
      }
      PlanTier lower = lower(victim, target, Reason.EXCHANGED);
      if (lower == null) {
        continue;
      }
      most -= worth(victim, target, lower);
      long after = spent.merge(lower.name(), victim.storedBytes(), Long::sum);
      if (most < 0 || !affords(lower, after)) {
        return;
      }
      victims.put(victim, lower);
      missing -= victim.storedBytes();
    }
    if (missing <= 0) {
      victims.forEach((victim, lower) -> add(victim, target, lower, Reason.EXCHANGED));
      add(home, from, target, Reason.HOT);
    }
  }

  private void cold() {
    for (PlanTier tier : tiers.values()) {
      for (Home home : coldest.getOrDefault(tier.name(), List.of())) {
        if (fill(tier, 0) <= COLD_WATER || left <= 0) {
          break;
        }
        if (home.temperature() == Temperature.ARCHIVE && home.settled() && !moved.contains(home)) {
          PlanTier target = lower(home, tier, Reason.COLD);
          if (target != null) {
            add(home, tier, target, Reason.COLD);
          }
        }
      }
    }
  }
}
