package dev.larder.store.work;

import java.io.IOException;
import java.util.function.Supplier;

/** Lets operations in until it is closed, and then waits for those that are in. Thread-safe. */
public final class Gate {

  private final Supplier<? extends IOException> closedError;
  private int users;
  private volatile boolean closed;

  /** Open. */
  public Gate(Supplier<? extends IOException> closedError) {
    this.closedError = closedError;
  }

  /** An operation with a result. */
  public interface Operation<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Runs an operation. */
  public <T> T pass(Operation<T> operation) throws IOException {
    synchronized (this) {
      check();
      users++;
    }
    try {
      return operation.run();
    } finally {
      synchronized (this) {
        users--;
        notifyAll();
      }
    }
  }

  /** Fails if it is closed. */
  public void check() throws IOException {
    if (closed) {
      throw closedError.get();
    }
  }

  /** Whether it is closed: long operations should end. */
  public boolean isClosed() {
    return closed;
  }

  /** Lets nothing in any more and waits; false if it was closed before. */
  public synchronized boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    boolean interrupted = false;
    while (users > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // files must not be closed under their readers
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
