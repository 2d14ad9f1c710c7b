package dev.larder.tiering.ledger;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Accesses on their way into a ledger. Whoever reads leaves a note here and goes on: no lock, and
 * where a place is full or contended the note is lost. What one thread notes comes out in its
 * order. After the read buffers of Caffeine (Manes); a ring for each of a few groups of threads.
 *
 * <p>Any thread may add; those who drain exclude each other.
 */
public final class AccessBuffer {

  private static final int STRIPES = 4; // gateways have two to eight cores
  private static final int SLOTS = 256; // of each stripe; 13 KiB in all

  private static final int EMPTY = 0;
  private static final int HIT = 1;
  private static final int MISS = 2;

  private final Stripe[] stripes = new Stripe[STRIPES];

  /** Nothing was noted. */
  public AccessBuffer() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  private static final class Stripe {
    final AtomicLong head = new AtomicLong(); // next place to be written
    final AtomicLong tail = new AtomicLong(); // next place to be read
    final long[] keys = new long[SLOTS]; // published by the state beside it
    final AtomicIntegerArray states = new AtomicIntegerArray(SLOTS);
  }

  /**
   * Notes an access, or loses it.
   *
   * @return whether it is time to drain
   */
  public boolean add(long key, boolean hit) {
    int first = (int) (Thread.currentThread().getId() * 0x9E3779B9L >>> 16);
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = stripes[(first + i) & (STRIPES - 1)];
      long head = stripe.head.get();
      long waiting = head - stripe.tail.get();
      if (waiting >= SLOTS) {
        return true;
      }
      if (stripe.head.compareAndSet(head, head + 1)) {
        int slot = (int) head & (SLOTS - 1);
        stripe.keys[slot] = key;
        stripe.states.setRelease(slot, hit ? HIT : MISS);
        return waiting >= SLOTS / 2;
      }
    }
    return false;
  }

  /**
   * Takes up to a length out.
   *
   * @return how many; 0 if there is nothing
   */
  public synchronized int drain(long[] keys, boolean[] hits) {
    int count = 0;
    for (Stripe stripe : stripes) {
      while (count < keys.length) {
        long tail = stripe.tail.get();
        int slot = (int) tail & (SLOTS - 1);
        int state = stripe.states.getAcquire(slot);
        if (state == EMPTY) {
          break;
        }
        keys[count] = stripe.keys[slot];
        hits[count++] = state == HIT;
        stripe.states.setPlain(slot, EMPTY);
        stripe.tail.set(tail + 1);
      }
    }
    return count;
  }
}
