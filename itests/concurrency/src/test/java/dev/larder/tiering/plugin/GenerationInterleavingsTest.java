package dev.larder.tiering.plugin;

import dev.larder.itest.concurrency.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** No plug-in is let go under a call; it is let go once, and after the last call. */
class GenerationInterleavingsTest {

  /** What callers and the registry do with a generation. */
  public static class Operations {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger drained = new AtomicInteger();
    private final Generation<String> generation =
        new Generation<>(new Registration<>("p", "service", "bundle", 0, 1), this::drain);

    private void drain(String service) {
      drained.incrementAndGet();
      if (inside.get() != 0) {
        throw new IllegalStateException("let go under a call");
      }
    }

    /** A call, if it is not too late for one; closing its lease twice counts once. */
    @Operation
    public boolean call() {
      if (!generation.enter()) {
        return false;
      }
      PluginLease<String> lease = new PluginLease<>(generation);
      inside.incrementAndGet();
      if (drained.get() != 0) {
        throw new IllegalStateException("called after it was let go");
      }
      inside.decrementAndGet();
      lease.close();
      lease.close();
      return true;
    }

    /** The plug-in is replaced. */
    @Operation
    public void retire() {
      generation.retire();
    }

    /** Whether it was replaced. */
    @Operation
    public boolean isRetired() {
      return generation.isRetired();
    }

    /** When all is quiet. */
    @Validate
    public void letGoOnce() {
      int expected = generation.isRetired() ? 1 : 0;
      if (drained.get() != expected || generation.isDrained() != (expected == 1)) {
        throw new IllegalStateException("let go " + drained + " times, not " + expected);
      }
      if (generation.calls() != 0) {
        throw new IllegalStateException(generation.calls() + " calls left over");
      }
    }
  }

  @Test
  void everyInterleavingOfCallsAndReplacement() {
    Interleavings.explore(Operations.class);
  }
}
