package dev.larder.itest.concurrency;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How Lincheck looks at a class: it makes scenarios of the class's operations, runs each in many
 * interleavings, and fails if some outcome is that of no sequence of the same operations, if an
 * operation throws, or if all threads wait.
 */
public final class Interleavings {

  private static final int SCENARIOS = Boolean.getBoolean("larder.long") ? 100 : 5;
  private static final int RUNS = Boolean.getBoolean("larder.long") ? 5_000 : 100;

  private static final int THREADS = Boolean.getBoolean("larder.long") ? 3 : 2;

  private Interleavings() {}

  /** Systematically: for what is lock-free or waits by itself. */
  public static void explore(Class<?> operations) {
    new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS)
        .threads(THREADS)
        .actorsPerThread(2)
        .actorsBefore(0) // or most scenarios would begin with something that ends everything
        .actorsAfter(1)
        .check(operations);
  }

  /** On real threads: for what stands behind a lock as a whole. */
  public static void stress(Class<?> operations) {
    new StressOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS)
        .threads(THREADS)
        .actorsPerThread(2)
        .check(operations);
  }
}
