package dev.larder.itest.concurrency;

import dev.larder.store.work.Gate;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Nothing is under way when a gate has been closed, and nothing gets in afterwards. */
class GateInterleavingsTest {

  /** What operations and the one who closes do. */
  public static class Operations {
    private final Gate gate = new Gate(() -> new IOException("closed"));
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** An operation; whether it got in. */
    @Operation
    public boolean pass() {
      try {
        return gate.pass(
            () -> {
              inside.incrementAndGet();
              if (ended.get()) {
                throw new IllegalStateException("got in afterwards");
              }
              inside.decrementAndGet();
              return true;
            });
      } catch (IOException e) {
        return false;
      }
    }

    /** Closes it; whether it was this one. */
    @Operation
    public boolean close() {
      boolean first = gate.close();
      ended.compareAndSet(false, first);
      if (first && inside.get() != 0) {
        throw new IllegalStateException("an operation is under way");
      }
      return first;
    }
  }

  @Test
  void everyInterleavingOfOperationsAndClosing() {
    Interleavings.explore(Operations.class);
  }
}
