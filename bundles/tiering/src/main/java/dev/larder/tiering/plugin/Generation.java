package dev.larder.tiering.plugin;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One life of a plug-in: from its publication until it is replaced or withdrawn. Calls count
 * themselves in and out by compare-and-swap; once it is retired no call gets in any more, and the
 * last one out drains it.
 *
 * @param <S> the service
 */
final class Generation<S> {

  private static final int RETIRED = Integer.MIN_VALUE;

  private final Registration<S> registration;
  private final Consumer<S> onDrained;
  private final AtomicInteger users = new AtomicInteger(); // sign bit: retired
  private final CountDownLatch drained = new CountDownLatch(1);

  Generation(Registration<S> registration, Consumer<S> onDrained) {
    this.registration = registration;
    this.onDrained = onDrained;
  }

  Registration<S> registration() {
    return registration;
  }

  /** Counts a call in; false if it came too late. */
  boolean enter() {
    int count = users.get();
    while (count >= 0) {
      int seen = users.compareAndExchange(count, count + 1);
      if (seen == count) {
        return true;
      }
      count = seen;
    }
    return false;
  }

  /** Counts a call out. */
  void exit() {
    if (users.decrementAndGet() == RETIRED) {
      drain();
    }
  }

  /** Lets no further call in. Only the first time counts. */
  void retire() {
    int before = users.getAndUpdate(count -> count | RETIRED);
    if (before == 0) {
      drain();
    }
  }

  private void drain() {
    try {
      onDrained.accept(registration.service());
    } finally {
      drained.countDown();
    }
  }

  boolean isRetired() {
    return users.get() < 0;
  }

  boolean isDrained() {
    return drained.getCount() == 0;
  }

  int calls() {
    return users.get() & Integer.MAX_VALUE;
  }

  /**
   * Waits until the last call is out; false if that takes too long or the caller is interrupted.
   */
  boolean awaitDrained(long nanos) {
    try {
      return drained.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return isDrained();
    }
  }
}
