package dev.larder.store;

import java.time.Clock;
import java.util.UUID;

/**
 * Gives out stamps of this gateway, each above every stamp ever seen on any volume (Lamport, 1978).
 * Safe for use by many threads.
 */
public final class Stamps {

  /**
   * No gateway makes so many changes in its life: a stamp that lies further ahead is not followed.
   * Else one hostile medium could drive the counter to its end.
   */
  public static final long LONGEST_LEAP = 1L << 40;

  private final UUID gateway;
  private final Clock wallClock;
  private long lamport;
  private long sequence;

  /** Starts below everything; volumes are observed as they open. */
  public Stamps(UUID gateway, Clock wallClock) {
    this.gateway = gateway;
    this.wallClock = wallClock;
  }

  /** Who stamps. */
  public UUID gateway() {
    return gateway;
  }

  /** The highest Lamport counter that was given out or seen. */
  public synchronized long lamport() {
    return lamport;
  }

  /** The next stamp. */
  public synchronized Stamp next() {
    return new Stamp(++lamport, gateway, ++sequence, wallClock.millis());
  }

  /** Takes note of a stamp that was found on a volume, unless no gateway can have given it. */
  public synchronized void observe(Stamp stamp) {
    if (stamp.lamport() - lamport > LONGEST_LEAP || stamp.sequence() - sequence > LONGEST_LEAP) {
      return;
    }
    lamport = Math.max(lamport, stamp.lamport());
    if (stamp.gateway().equals(gateway)) {
      sequence = Math.max(sequence, stamp.sequence());
    }
  }
}
