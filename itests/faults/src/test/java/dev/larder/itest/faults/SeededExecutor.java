package dev.larder.itest.faults;

import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Workers that are the caller: a task is done at once, or refused, so that its caller does it when
 * it comes to it. No thread, so everything that happens repeats.
 */
final class SeededExecutor extends AbstractExecutorService {

  private final Random random;

  SeededExecutor(Random random) {
    this.random = random;
  }

  @Override
  public void execute(Runnable task) {
    if (random.nextInt(4) == 0) {
      throw new RejectedExecutionException("busy");
    }
    task.run();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
