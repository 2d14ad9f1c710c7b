package dev.larder.store.pack;

import java.io.IOException;

/**
 * Runs I/O with the thread's interruption set aside: a file channel closes itself when an
 * interrupted thread touches it, under everyone who uses it.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /** I/O with a result. */
  public interface Call<T> {
    /** Does it. */
    T call() throws IOException;
  }

  /** I/O without a result. */
  public interface Action {
    /** Does it. */
    void run() throws IOException;
  }

  /** Runs it. */
  public static <T> T call(Call<T> io) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return io.call();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs it. */
  public static void run(Action io) throws IOException {
    call(
        () -> {
          io.run();
          return true;
        });
  }
}
