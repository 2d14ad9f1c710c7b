package dev.larder.store.ingest;

import dev.larder.spi.media.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Windows of all ingests of a volume: bounded in total, kept for the next one. Thread-safe. */
public final class WindowPool {

  private static final long PATIENCE_MILLIS = 50;

  private final long budget;
  private final List<Window> free = new ArrayList<>();
  private long taken;
  private long kept;

  /** No windows yet; never more bytes than the budget, but always one window. */
  public WindowPool(long budget) {
    this.budget = budget;
  }

  /** Waits for a window. */
  synchronized Window acquire(int payload, Cancellation cancellation) {
    boolean interrupted = false;
    Window window = tryAcquire(payload);
    while (window == null) {
      cancellation.check();
      try {
        wait(PATIENCE_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true; // cancellation ends it, interruption does not
      }
      window = tryAcquire(payload);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return window;
  }

  /** A window if there is one now. */
  synchronized @Nullable Window tryAcquire(int payload) {
    long cost = Window.cost(payload);
    if (taken > 0 && taken + cost > budget) {
      return null;
    }
    taken += cost;
    for (int i = free.size() - 1; i >= 0; i--) {
      if (free.get(i).payload() == payload) {
        kept -= cost;
        return free.remove(i);
      }
    }
    while (!free.isEmpty() && taken + kept > budget) {
      kept -= Window.cost(free.remove(0).payload());
    }
    return new Window(payload);
  }

  /** Gives a window back. */
  synchronized void release(Window window) {
    long cost = Window.cost(window.payload());
    taken -= cost;
    if (taken + kept + cost <= budget) {
      free.add(window);
      kept += cost;
    }
    notifyAll();
  }
}
