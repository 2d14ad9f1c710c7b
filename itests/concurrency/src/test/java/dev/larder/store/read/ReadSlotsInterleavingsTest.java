package dev.larder.store.read;

import dev.larder.itest.concurrency.Interleavings;
import dev.larder.store.Lane;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** No two reads have one buffer, there are no more than allowed, and nobody waits for ever. */
class ReadSlotsInterleavingsTest {

  /** Fewer than threads, or nobody would ever wait. */
  private static final int MOST = 1;

  /** What readers do. */
  public static class Operations {
    private final ReadSlots slots = new ReadSlots(MOST);
    private final Set<ReadSlots.Slot> taken = identitySet();
    private final Set<ReadSlots.Slot> seen = identitySet();

    private static Set<ReadSlots.Slot> identitySet() {
      return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** A read. */
    @Operation
    public void read() {
      ReadSlots.Slot slot = slots.acquire(Lane.SWAP);
      synchronized (taken) {
        if (!taken.add(slot)) {
          throw new IllegalStateException("given out twice");
        }
        seen.add(slot);
      }
      synchronized (taken) {
        taken.remove(slot);
      }
      slots.release(slot);
    }

    /** When all is quiet. */
    @Validate
    public void bounded() {
      if (seen.size() > MOST) {
        throw new IllegalStateException(seen.size() + " slots were made");
      }
    }
  }

  @Test
  void everyInterleavingOfReaders() {
    Interleavings.explore(Operations.class);
  }
}
