package dev.larder.store.work;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one operation. Workers take them while there are any; the caller's thread takes them,
 * too, whenever it would have to wait, so the operation gets on even if no worker is free. No job
 * waits for another one.
 */
public final class Crew {

  private final Executor workers;
  private final int mostHelpers;
  private final ArrayDeque<Runnable> jobs = new ArrayDeque<>();
  private int helpers;
  private int running;
  private volatile @Nullable Throwable failure;

  /**
   * No jobs yet.
   *
   * @param mostHelpers how many workers may be busy with them at once
   */
  public Crew(Executor workers, int mostHelpers) {
    this.workers = workers;
    this.mostHelpers = mostHelpers;
  }

  /** Adds a job. */
  public void submit(Runnable job) {
    synchronized (this) {
      jobs.add(job);
      notifyAll();
      if (helpers >= mostHelpers) {
        return;
      }
      helpers++;
    }
    try {
      workers.execute(this::help);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        helpers--; // the caller does it
      }
    }
  }

  private void help() {
    boolean more = true;
    while (more) {
      more = runOne();
    }
    synchronized (this) {
      helpers--;
      // A job that came between the last look and now would find no helper.
      if (jobs.isEmpty()) {
        return;
      }
      helpers++;
    }
    help();
  }

  private boolean runOne() {
    Runnable job;
    synchronized (this) {
      job = jobs.poll();
      if (job == null) {
        return false;
      }
      running++;
    }
    try {
      if (failure == null) {
        job.run();
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      synchronized (this) {
        running--;
        notifyAll();
      }
    }
    return true;
  }

  /** Notes a failure: jobs that have not begun are passed over. The first one counts. */
  public synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  /** The first failure. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Wakes who waits: something it may be waiting for has come about. */
  public synchronized void changed() {
    notifyAll();
  }

  /** Works until a condition holds or something has failed. */
  public void workUntil(BooleanSupplier done) {
    boolean interrupted = false;
    while (failure == null && !done.getAsBoolean()) {
      if (runOne()) {
        continue;
      }
      synchronized (this) {
        if (failure == null && jobs.isEmpty() && !done.getAsBoolean()) {
          interrupted |= pause();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops the jobs that have not begun and waits for the others. */
  public void finish() {
    boolean interrupted = false;
    synchronized (this) {
      jobs.clear();
      while (running > 0) {
        interrupted |= pause();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean pause() {
    try {
      wait();
      return false;
    } catch (InterruptedException e) {
      return true; // jobs hold buffers and files of the caller's: it may not leave them
    }
  }
}
