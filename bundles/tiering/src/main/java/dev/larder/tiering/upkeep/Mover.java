package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.RebalanceReport;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import dev.larder.tiering.plan.Move;
import dev.larder.tiering.plan.TieringPlan;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves homes as a {@link TieringPlan} says: now and then, when something is loaded again and
 * again, when a tier has come, and when one fills up. One pass at a time. Any thread.
 */
public final class Mover {

  private static final Logger LOG = LoggerFactory.getLogger(Mover.class);

  /** Between two passes that nobody has asked for. */
  private static final Duration EACH = Duration.ofMinutes(10);

  /** Between two that were asked for: so many times what planning takes, at the most … */
  private static final int RESTS = 20;

  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  /** Between two attempts to make room on a tier that stays full. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** A plan does not look further: the world changes while it is carried out. */
  private static final long PASS_BYTES = 1L << 30;

  private static final int MOST_PASSES = 1000;

  private final Tiers tiers;
  private final HomeSurvey survey;
  private final Migrator migrator;
  private final Collector collector;
  private final Usage usage;
  private final WearBudgets wear;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;
  private final ReentrantLock moving = new ReentrantLock();
  private final AtomicBoolean running = new AtomicBoolean();
  private final Map<String, Long> relieved = new HashMap<>(); // guarded by itself
  private volatile boolean wanted;
  private volatile int counted;
  private volatile long nextWanted;
  private volatile long nextDue;
  private volatile boolean closed;

  /**
   * Over all tiers.
   *
   * @param loading whether a model is being loaded just now
   */
  public Mover(
      Tiers tiers,
      HomeSurvey survey,
      Migrator migrator,
      Collector collector,
      Usage usage,
      WearBudgets wear,
      BooleanSupplier loading,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.survey = survey;
    this.migrator = migrator;
    this.collector = collector;
    this.usage = usage;
    this.wear = wear;
    this.loading = loading;
    this.nanoTime = nanoTime;
    this.nextWanted = nanoTime.getAsLong();
    this.nextDue = nextWanted + EACH.toNanos();
  }

  /** Ends what is under way. */
  public void close() {
    closed = true;
  }

  /** Something was loaded again, or a tier has come: there may be something to move. */
  public void wish() {
    wanted = true;
  }

  /** Whether something is under way or was asked for. */
  public boolean due() {
    return running.get() || isWanted();
  }

  /** A tier that was added is not ours yet when it is opened: it is told by their number. */
  private boolean isWanted() {
    int count = tiers.any(TierRole.STORAGE).size();
    wanted |= count > counted;
    counted = count;
    wanted &= count > 1;
    return wanted && !closed;
  }

  /** Whether now is a time to {@link #run}. */
  public boolean isTime() {
    long now = nanoTime.getAsLong();
    return !closed
        && !running.get()
        && !loading.getAsBoolean()
        && ((isWanted() && now - nextWanted >= 0) || now - nextDue >= 0);
  }

  /** A pass that gives way to everybody. */
  public void run() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    try {
      wanted = false;
      nextDue = nanoTime.getAsLong() + EACH.toNanos();
      Tally tally = new Tally();
      pass((from, to, cancellation) -> gentle(from, to, cancellation), tally);
      wanted |= tally.movedBytes() >= PASS_BYTES / 2; // there may be more
    } catch (IOException | RuntimeException e) {
      LOG.warn("moving between tiers failed", e);
    } finally {
      running.set(false);
    }
  }

  /** Passes until there is nothing more to move, for somebody who waits for it. */
  public RebalanceReport rebalance() throws IOException {
    Tally tally = new Tally();
    long before = -1;
    for (int i = 0; i < MOST_PASSES && tally.movedBytes() > before && !closed; i++) {
      before = tally.movedBytes();
      pass((from, to, cancellation) -> new Courtesy(loading, nanoTime), tally);
    }
    return tally.report();
  }

  /** Moves what is worth least from fast tiers that are nearly full to slower ones. */
  public void relieve() throws IOException {
    List<Tier> storage = tiers.of(TierRole.STORAGE);
    for (Tier tier : storage.subList(0, Math.max(0, storage.size() - 1))) {
      if (isFull(tier) && isTime(tier)) {
        collect(Set.of(tier.name()));
        moving.lock();
        try {
          TieringPlan plan = survey.plan(Long.MAX_VALUE);
          carryOut(plan.relief(), (from, to, stop) -> new Courtesy(loading, nanoTime), new Tally());
        } finally {
          moving.unlock();
        }
        return;
      }
    }
  }

  private static boolean isFull(Tier tier) throws IOException {
    return tier.takesArtifacts() && HomeSurvey.fill(tier, 0) > TieringPlan.HIGH_WATER;
  }

  private boolean isTime(Tier tier) {
    synchronized (relieved) {
      long now = nanoTime.getAsLong();
      Long last = relieved.get(tier.name());
      if (last != null && now - last < PAUSE.toNanos()) {
        return false;
      }
      relieved.put(tier.name(), now);
      return true;
    }
  }

  /** Makes the pace of one move. */
  private interface Paces {
    Pace of(Tier from, Tier to, Cancellation cancellation);
  }

  private Pace gentle(Tier from, Tier to, Cancellation cancellation) {
    long reads = from.profile().map(p -> p.readBytesPerSecond()).orElse(1L << 20);
    long writes = to.profile().map(p -> p.writeBytesPerSecond()).orElse(1L << 20);
    return new MovePace(loading, Math.min(reads, writes), cancellation, nanoTime);
  }

  /** What passes have done. */
  private static final class Tally {
    private int up;
    private long upBytes;
    private int down;
    private long downBytes;
    private final Set<String> heldBack = new HashSet<>();

    void moved(Move move) {
      if (move.isUp()) {
        up++;
        upBytes += move.home().storedBytes();
      } else {
        down++;
        downBytes += move.home().storedBytes();
      }
    }

    long movedBytes() {
      return upBytes + downBytes;
    }

    RebalanceReport report() {
      return new RebalanceReport(up, upBytes, down, downBytes, heldBack.stream().sorted().toList());
    }
  }

  private void pass(Paces paces, Tally tally) throws IOException {
    moving.lock();
    try {
      long begun = nanoTime.getAsLong();
      TieringPlan plan = survey.plan(PASS_BYTES);
      List<Move> moves = plan.all();
      long now = nanoTime.getAsLong();
      nextWanted = now + Math.min(LONGEST_REST.toNanos(), RESTS * (now - begun));
      holdBack(plan.heldBack(), tally);
      carryOut(moves, paces, tally);
    } finally {
      moving.unlock();
    }
  }

  /** Tells the budgets what waits for them, so that health can say so. */
  private void holdBack(Map<String, Long> bytes, Tally tally) throws IOException {
    tally.heldBack.addAll(bytes.keySet());
    for (Map.Entry<String, Long> each : bytes.entrySet()) {
      Tier tier = tiers.find(each.getKey()).orElse(null);
      TierUse use = tier == null ? null : tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          wear.allows(use, each.getValue());
        }
      }
    }
  }

  /** First what goes down, then its room is taken back, then what goes up. */
  private void carryOut(List<Move> moves, Paces paces, Tally tally) throws IOException {
    Set<String> left = new HashSet<>();
    for (Move move : moves) {
      if (!move.isUp() && !closed && move(move, paces, tally)) {
        left.add(move.home().tier());
      }
    }
    collect(left);
    Set<String> holed = new HashSet<>();
    for (Move move : moves) {
      if (move.isUp() && !closed && move(move, paces, tally)) {
        holed.add(move.home().tier());
      }
    }
    for (String name : Set.copyOf(holed)) {
      Tier tier = tiers.find(name).orElse(null);
      if (tier == null || HomeSurvey.fill(tier, 0) < TieringPlan.LOW_WATER) {
        holed.remove(name); // there is time for it
      }
    }
    collect(holed);
  }

  private void collect(Set<String> names) throws IOException {
    for (String name : names) {
      Tier tier = tiers.find(name).orElse(null);
      TierUse use = tier == null ? null : tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          collector.collect(use, () -> closed || use.isStale());
        }
      }
    }
  }

  private boolean move(Move move, Paces paces, Tally tally) {
    Tier from = tiers.find(move.home().tier()).orElse(null);
    Tier target = tiers.find(move.target()).orElse(null);
    if (from == null || target == null || !target.takesArtifacts()) {
      return false;
    }
    Digest digest = move.home().digest();
    try (TierUse to = target.tryUse().orElseThrow(target::unusable)) {
      Cancellation stop =
          () -> closed || to.isStale() || !target.takesArtifacts() || !from.takesArtifacts();
      long bytes = move.home().storedBytes();
      boolean hasRoom = HomeSurvey.fill(target, bytes) <= TieringPlan.HIGH_WATER;
      boolean affordable = move.reason() == Move.Reason.PRESSURE || wear.allows(to, bytes);
      if (!hasRoom || !affordable) {
        return false;
      }
      migrator.move(digest, from, to, paces.of(from, target, stop), stop);
      usage.moved(digest);
      wear.settle(to);
      tally.moved(move);
      migrator.announce(digest, target);
      LOG.info("{} moved from {} to {}: {}", digest, from.name(), target.name(), move.reason());
      return true;
    } catch (CancellationException e) {
      LOG.debug("the move of {} was given up", digest, e);
    } catch (LarderException e) {
      LOG.warn("{} cannot be moved from {}: {}", digest, from.name(), e.describe());
    } catch (IOException e) {
      LOG.warn("{} cannot be moved from {}", digest, from.name(), e);
    }
    return false;
  }
}
