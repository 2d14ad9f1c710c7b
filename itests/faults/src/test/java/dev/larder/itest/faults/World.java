package dev.larder.itest.faults;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.media.simulated.DiskSpec;
import dev.larder.media.simulated.FaultPlan;
import dev.larder.media.simulated.FaultRule;
import dev.larder.media.simulated.PowerCut;
import dev.larder.media.simulated.PowerSupply;
import dev.larder.media.simulated.SimulatedClock;
import dev.larder.media.simulated.SimulatedDisk;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamps;
import dev.larder.store.VolumeContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A gateway with two media, on one power supply, whose whole life follows from a seed: steps,
 * faults, cuts. One thread.
 */
final class World {

  private static final UUID GATEWAY = new UUID(1, 1);
  private static final Clock NO_CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private static final int MOST_RECOVERY_FAULTS = 3;

  private final long seed;
  private final Random random;
  private final Weather weather;
  private final Contents contents;
  private final int blockBytes;
  private final SeededExecutor workers;
  private final PowerSupply power = new PowerSupply();
  private final Site first;
  private final Site second;
  private final Consumer<String> trace;
  private final Set<Site> strict = new HashSet<>();
  private Stamps stamps = new Stamps(GATEWAY, NO_CLOCK);
  private int cutsBefore;
  private int images;
  private int recoveryFaults;

  /** Both copies of a superblock are rotten, and that was told: nothing more can be asked. */
  private boolean over;

  World(long seed, Consumer<String> trace) {
    this.seed = seed;
    this.trace = trace;
    // Neighbouring seeds would begin alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
    this.weather = Weather.of(random);
    this.blockBytes = random.nextInt(4) == 0 ? 128 << 10 : 4096;
    this.contents = new Contents(random);
    this.workers = new SeededExecutor(random);
    SimulatedClock clock = SimulatedClock.virtual();
    int sector = random.nextBoolean() ? 512 : 4096;
    this.first = site("first", sector, clock);
    this.second = site("second", sector, clock);
  }

  private Site site(String name, int sector, SimulatedClock clock) {
    DiskSpec spec = DiskSpec.of(name, weather.capacity(random)).sector(sector);
    FaultPlan plan = FaultPlan.none(random.nextLong());
    return new Site(name, this, new SimulatedDisk(spec, plan, power, clock));
  }

  Random random() {
    return random;
  }

  Contents contents() {
    return contents;
  }

  /** Length of the blocks that artifacts are cut into. */
  int blockBytes() {
    return blockBytes;
  }

  Stamps stamps() {
    return stamps;
  }

  /** How many crash images were opened and compared. */
  int images() {
    return images;
  }

  Site other(Site site) {
    return site == first ? second : first;
  }

  void trace(Supplier<String> line) {
    if (trace != null) {
      trace.accept(line.get());
    }
  }

  /** A replica that is on a site for sure. */
  Optional<Digest> anyOf(Site site) {
    Set<Digest> artifacts = new HashSet<>(site.oracle().artifacts());
    artifacts.removeAll(site.oracle().doubted());
    return artifacts.isEmpty()
        ? Optional.empty()
        : artifacts.stream()
            .sorted(Comparator.comparing(Digest::toString))
            .skip(random.nextInt(artifacts.size()))
            .findFirst();
  }

  /**
   * The changes of references that the gateway wants to keep: the newest ones of each name wherever
   * they are, or the newest deletion, which may be forgotten some time.
   */
  Set<ReferenceChange> keptHistory() {
    Map<Reference, List<ReferenceChange>> names = new HashMap<>();
    Stream.concat(first.oracle().changes().stream(), second.oracle().changes().stream())
        .distinct()
        .sorted(Comparator.comparing(ReferenceChange::stamp).reversed())
        .forEach(c -> names.computeIfAbsent(c.reference(), r -> new ArrayList<>()).add(c));
    int history = 1 + (int) (seed % 3);
    boolean forgetsDeletions = seed % 2 == 0;
    Set<ReferenceChange> kept = new HashSet<>();
    for (List<ReferenceChange> changes : names.values()) {
      boolean deleted = changes.get(0).target().isEmpty();
      int most = !deleted ? history : forgetsDeletions ? 0 : 1;
      kept.addAll(changes.subList(0, Math.min(most, changes.size())));
    }
    return kept;
  }

  /** Whether its media may run out of room. */
  boolean isNarrow() {
    return weather == Weather.FULL;
  }

  /** Whether the power went since this session began. */
  boolean crashed() {
    return power.cuts() != cutsBefore;
  }

  /** Lives it. */
  void run() throws IOException {
    trace(() -> "seed " + seed + ": " + weather);
    openAll(false);
    if (weather == Weather.LIES) {
      List.of(first, second).forEach(Site::mayLose);
    }
    for (int lives = 1 + random.nextInt(2); lives > 0; lives--) {
      live();
      boolean clean = end();
      rot(clean);
      openAll(clean);
      if (over) {
        return;
      }
    }
    lastRites();
  }

  private void live() {
    cutsBefore = power.cuts();
    int steps = random.nextInt(14);
    arm(steps);
    for (int i = 0; i < steps && !crashed(); i++) {
      Site site = random.nextInt(3) > 0 ? first : second;
      step(Steps.next(this), site);
    }
  }

  private void arm(int steps) {
    Site struck = random.nextInt(3) > 0 ? first : second;
    for (Site site : List.of(first, second)) {
      List<FaultRule> rules = new ArrayList<>(weather.rules(random, site == second));
      if (site == struck && random.nextInt(5) > 0) {
        rules.add(0, Weather.cut(random, 4 * steps + 1));
      }
      site.disk().onPowerLoss(anyCut());
      site.follow(rules);
    }
  }

  private PowerCut anyCut() {
    PowerCut[] kinds = PowerCut.values();
    return kinds[random.nextInt(kinds.length)];
  }

  private void step(Steps step, Site site) {
    if (!site.isOpen()) {
      return;
    }
    trace(() -> step + " on " + site + " at operation " + site.disk().plan().operations());
    try {
      step.run(this, site);
    } catch (IOException e) {
      trace(() -> "  failed: " + e.getMessage());
      if (!crashed()) {
        judge(step, site, e);
      }
    }
    comeBack(second);
  }

  private void comeBack(Site site) {
    if (!crashed() && !site.disk().isPresent()) {
      trace(() -> site + " was pulled and comes back");
      site.die();
      site.disk().insert();
      site.follow(List.of());
      images++;
      try {
        open(site, false);
      } catch (IOException e) {
        throw new AssertionError(site + " does not open after it came back", e);
      }
    }
  }

  /** Whether a step may fail like this. */
  private void judge(Steps step, Site site, IOException failure) {
    boolean troubled = site.troubled() || (step.needsBoth() && other(site).troubled());
    boolean lossy = site.isLossy() || (step.needsBoth() && other(site).isLossy());
    ErrorCode code = failure instanceof LarderException typed ? typed.code() : ErrorCode.INTERNAL;
    boolean allowed =
        switch (code) {
          case IO_ERROR -> troubled && weather == Weather.ERRORS;
          case TIER_ABSENT -> weather == Weather.REMOVAL && !second.disk().isPresent();
          case TIER_FULL -> weather == Weather.FULL && (troubled || takesRoom(step));
          case CORRUPT, NOT_FOUND -> lossy;
          default -> false;
        };
    if (!allowed) {
      throw new AssertionError(step + " on " + site + " failed: " + code + " " + failure, failure);
    }
    site.look();
    if (!site.volume().writable() && random.nextBoolean()) {
      try {
        reopen(site);
      } catch (IOException e) {
        throw new AssertionError(site + " does not open after an error", e);
      }
    }
  }

  private static boolean takesRoom(Steps step) {
    return switch (step) {
      case PUT,
          PUT_MANY,
          PUT_UNNAMED,
          PUT_FAMILY,
          STAGE,
          COMMIT_STAGED,
          ABANDON,
          MIGRATE,
          REPACK,
          REENCODE,
          REPAIR ->
          true;
      default -> false;
    };
  }

  /** Closes one volume in order and opens it again. */
  static void reopen(World world, Site site) throws IOException {
    world.reopen(site);
  }

  private void reopen(Site site) throws IOException {
    boolean troubled = site.troubled();
    try {
      site.close();
    } catch (LarderException e) {
      if (crashed()) {
        return;
      }
      Oracle.require(
          troubled || site.troubled() || weather == Weather.FULL, () -> "close failed: " + e);
      site.disk().abandon();
    }
    if (!crashed() && site.disk().isPresent()) {
      site.follow(List.of());
      open(site, false);
    }
  }

  /** Ends a session; true if all was closed in order. */
  private boolean end() {
    int way = random.nextInt(4);
    boolean clean = !crashed() && way == 0 && closeAll();
    if (!crashed() && way == 1) {
      power.cut();
    }
    if (!clean) {
      trace(() -> crashed() ? "power cut" : "killed");
      List.of(first, second).forEach(Site::die);
    }
    images += crashed() ? 1 : 0;
    return clean;
  }

  private boolean closeAll() {
    for (Site site : List.of(first, second)) {
      if (site.isOpen()) {
        try {
          site.close();
        } catch (IOException e) {
          trace(() -> "close failed: " + e.getMessage());
          Oracle.require(
              crashed() || site.troubled() || weather == Weather.FULL, () -> "close failed: " + e);
          return false;
        }
      }
    }
    return !crashed();
  }

  private void rot(boolean clean) {
    if (weather != Weather.ROT) {
      return;
    }
    for (Site site : List.of(first, second)) {
      site.follow(List.of());
      boolean fresh = !site.isLossy();
      int bits = random.nextInt(3);
      if (bits > 0) {
        site.rot(bits);
      }
      strict(site, clean && fresh && bits == 1);
    }
  }

  /** One bit of what was closed in order: nothing may be missing, all damage must be told. */
  private void strict(Site site, boolean holds) {
    if (holds) {
      strict.add(site);
    } else {
      strict.remove(site);
    }
  }

  private void openAll(boolean clean) throws IOException {
    stamps = new Stamps(GATEWAY, NO_CLOCK);
    cutsBefore = power.cuts();
    // A volume that was never really made cannot be opened: no lies before it is there.
    boolean spared = clean || (weather == Weather.LIES && !first.isLossy());
    recoveryFaults = spared ? 0 : MOST_RECOVERY_FAULTS;
    for (Site site : List.of(first, second)) {
      site.follow(List.of());
      site.disk().insert();
    }
    while (!over && (!first.isOpen() || !second.isOpen())) {
      Site site = first.isOpen() ? second : first;
      open(site, true);
      if (crashed()) {
        trace(() -> "power cut while opening");
        images++;
        List.of(first, second).forEach(Site::die);
        stamps = new Stamps(GATEWAY, NO_CLOCK);
        cutsBefore = power.cuts();
      }
    }
    strict.clear();
  }

  /** Opens a volume, possibly with something going wrong once more, and compares. */
  private void open(Site site, boolean faulty) throws IOException {
    boolean strikes = faulty && recoveryFaults > 0 && random.nextInt(3) == 0;
    if (strikes) {
      recoveryFaults--;
      List<FaultRule> rules = new ArrayList<>(weather.rules(random, site == second));
      rules.add(0, Weather.cut(random, 8));
      site.disk().onPowerLoss(anyCut());
      other(site).disk().onPowerLoss(anyCut());
      site.follow(rules);
    }
    try {
      site.open(new VolumeContext(stamps, new Nibbles(), workers, 1));
    } catch (IOException e) {
      trace(() -> site + " did not open: " + e.getMessage());
      boolean struck = site.troubled();
      site.die();
      site.follow(List.of());
      site.disk().insert();
      over =
          site.isHopeless()
              && e instanceof LarderException typed
              && typed.code() == ErrorCode.CORRUPT;
      if (!over && !crashed() && !struck) {
        throw new AssertionError(site + " does not open: " + e, e);
      }
      return;
    }
    site.follow(List.of());
    trace(() -> site + " opened: " + site.disk());
    site.inspect(strict.contains(site));
    if (random.nextInt(4) == 0) {
      site.scrub();
    }
  }

  /** With nothing going wrong any more all must be well, and stay well. */
  private void lastRites() throws IOException {
    cutsBefore = power.cuts();
    for (Site site : List.of(first, second)) {
      site.follow(List.of());
      step(Steps.PUT, site);
      step(Steps.REPAIR, site);
      step(Steps.COLLECT, site);
      step(Steps.SCRUB, site);
      step(Steps.UNTAG, site);
      reopen(site);
      site.look();
      site.close();
    }
  }
}
