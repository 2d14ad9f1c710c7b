package dev.larder.catalog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A queue bounded by weight, for many producers that never wait and one consumer. */
final class WorkQueue {

  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Work> works = new ArrayDeque<>();
  private int weight;
  private boolean woken;
  private boolean closed;

  WorkQueue(int limit) {
    this.limit = limit;
  }

  /**
   * Adds work if the queue then fills no more than a share of its limit. A single work that is
   * heavier than the whole limit gets in alone.
   *
   * @return false if there is no room, or the queue is closed
   */
  boolean offer(Work work, double share) {
    lock.lock();
    try {
      if (closed || (weight > 0 && weight + work.weight() > limit * share)) {
        return false;
      }
      add(work);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds work whatever the weight; for what is rare and must not be lost. False if closed. */
  boolean force(Work work) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      add(work);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void add(Work work) {
    works.add(work);
    weight += work.weight();
    changed.signalAll();
  }

  /** Takes what is there, up to a weight; waits for the first, for a call of wake, or its time. */
  List<Work> take(int maxWeight, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      awaitChange(patience, true);
      List<Work> taken = new ArrayList<>();
      int sum = 0;
      while (!works.isEmpty() && (sum == 0 || sum + works.element().weight() <= maxWeight)) {
        Work work = works.remove();
        sum += work.weight();
        taken.add(work);
      }
      weight -= sum;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is queued, for a call of wake or close, or its time. */
  void awaitWork(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      awaitChange(patience, true);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a call of wake or close, or its time, whatever is queued. */
  void pause(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      awaitChange(patience, false);
    } finally {
      lock.unlock();
    }
  }

  private void awaitChange(Duration patience, boolean forWork) throws InterruptedException {
    long nanos = patience.toNanos();
    while (!(forWork && !works.isEmpty()) && !woken && !closed && nanos > 0) {
      nanos = changed.awaitNanos(nanos);
    }
    woken = false;
  }

  /** Lets the consumer look up. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what is queued can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes all that is left. */
  List<Work> drain() {
    lock.lock();
    try {
      List<Work> rest = List.copyOf(works);
      works.clear();
      weight = 0;
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** Closed. */
  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Closed, and nothing is left. */
  boolean finished() {
    lock.lock();
    try {
      return closed && works.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
