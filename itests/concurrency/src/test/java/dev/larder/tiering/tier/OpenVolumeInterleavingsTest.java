package dev.larder.tiering.tier;

import dev.larder.itest.concurrency.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** No volume is closed under its user, and whoever waits for the last user comes to an end. */
class OpenVolumeInterleavingsTest {

  /** What users and the tier do with a volume. */
  public static class Operations {
    private final AtomicInteger inside = new AtomicInteger();
    private final OpenVolume volume = new OpenVolume(null, null, "", null);

    /** Uses it, if it is not too late. */
    @Operation
    public boolean use() {
      if (!volume.enter()) {
        return false;
      }
      inside.incrementAndGet();
      if (volume.awaitUnused(0)) {
        throw new IllegalStateException("unused, though it is in use");
      }
      inside.decrementAndGet();
      volume.exit();
      return true;
    }

    /** Closes it, if nobody uses it any more. */
    @Operation
    public void retire() {
      volume.retire();
      if (volume.awaitUnused(0) && inside.get() != 0) {
        throw new IllegalStateException("closed under its user");
      }
    }

    /** Whether it is being closed. */
    @Operation
    public boolean isRetired() {
      return volume.isRetired();
    }

    /** When all is quiet. */
    @Validate
    public void nobodyWaitsForEver() {
      if (volume.isRetired() != volume.awaitUnused(0)) {
        throw new IllegalStateException("retired, but nobody was told that it is unused");
      }
    }
  }

  @Test
  void everyInterleavingOfUseAndClosing() {
    Interleavings.explore(Operations.class);
  }
}
