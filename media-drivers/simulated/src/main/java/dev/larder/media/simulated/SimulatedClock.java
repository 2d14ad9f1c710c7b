package dev.larder.media.simulated;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The time that a simulated medium takes. Safe for use by many threads. */
public interface SimulatedClock {

  /** Nanoseconds since some moment. */
  long nanos();

  /** Lets time pass: what an operation takes. */
  void advance(long nanos);

  /** Time that passes only when an operation takes it, and then at once. */
  static SimulatedClock virtual() {
    AtomicLong now = new AtomicLong();
    return new SimulatedClock() {
      @Override
      public long nanos() {
        return now.get();
      }

      @Override
      public void advance(long nanos) {
        now.addAndGet(nanos);
      }
    };
  }

  /** The real time: a slow medium is really slow. */
  static SimulatedClock real() {
    return new SimulatedClock() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void advance(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
          if (Thread.currentThread().isInterrupted()) {
            return; // a park would return at once
          }
          LockSupport.parkNanos(left);
        }
      }
    };
  }
}
