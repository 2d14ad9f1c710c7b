package dev.larder.media.simulated;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Decides from a seed what goes wrong. May be shared by several disks: their operations then count
 * together. Safe for use by many threads; what it decides repeats exactly where the operations come
 * in the same order.
 */
public final class FaultPlan {

  private static final long HANG_STEP_MILLIS = 100;

  private final Random random;
  private List<FaultRule> rules;
  private long[] counts;
  private long operations;
  private long struck;
  private long released;

  /** A plan for some rules; the first that strikes counts. */
  public FaultPlan(long seed, List<FaultRule> rules) {
    this.random = new Random(seed);
    this.rules = List.copyOf(rules);
    this.counts = new long[rules.size()];
  }

  /** Nothing goes wrong by itself. */
  public static FaultPlan none(long seed) {
    return new FaultPlan(seed, List.of());
  }

  /** Follows other rules from now on, and counts anew for each. */
  public synchronized void follow(List<FaultRule> others) {
    rules = List.copyOf(others);
    counts = new long[rules.size()];
  }

  /** How many operations there were. */
  public synchronized long operations() {
    return operations;
  }

  /** How often something went wrong. */
  public synchronized long struck() {
    return struck;
  }

  /** Lets everything that hangs now go on. */
  public synchronized void release() {
    released++;
    notifyAll();
  }

  /** Counts an operation and decides; null if all goes well. */
  synchronized @Nullable FaultRule next(Operation operation) {
    operations++;
    FaultRule found = null;
    for (int i = 0; i < counts.length; i++) {
      FaultRule rule = rules.get(i);
      if (rule.operations().contains(operation)) {
        counts[i]++;
        if (found == null && strikes(rule, counts[i])) {
          found = rule;
        }
      }
    }
    struck += found == null ? 0 : 1;
    return found;
  }

  private boolean strikes(FaultRule rule, long count) {
    boolean due = rule.lasting() ? count >= rule.first() : count == rule.first();
    return due && (rule.share() >= 1 || random.nextDouble() < rule.share());
  }

  /** An independent source of chance. */
  synchronized Random fork() {
    return new Random(random.nextLong());
  }

  /** Asked by what hangs whether to go on hanging. */
  interface Patience {
    /** Throws or returns false to end it. */
    boolean goesOn();
  }

  /**
   * Waits until it is released or its patience ends. An interruption does not end it.
   *
   * @param atMostNanos at the longest; 0 for ever
   */
  void hang(long atMostNanos, Patience patience, SimulatedClock clock) {
    boolean interrupted = false;
    long ticket = ticket();
    long start = clock.nanos();
    while (ticket == ticket()
        && (atMostNanos == 0 || clock.nanos() - start < atMostNanos)
        && patience.goesOn()) {
      interrupted |= pause();
      clock.advance(HANG_STEP_MILLIS * 1_000_000L);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long ticket() {
    return released;
  }

  /** Leaves the processor to others; the time that passes is the clock's. */
  private synchronized boolean pause() {
    try {
      wait(1);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
