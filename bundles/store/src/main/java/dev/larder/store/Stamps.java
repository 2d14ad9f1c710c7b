package dev.larder.store;

import java.time.Clock;
import java.util.UUID;

/**
 * Gives out stamps of this gateway, each above every stamp ever seen on any volume (Lamport, 1978).
 * Safe for use by many threads.
 */
public final class Stamps {

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

  /** The next stamp. */
  public synchronized Stamp next() {
    return new Stamp(++lamport, gateway, ++sequence, wallClock.millis());
  }

  /** Takes note of a stamp that was found on a volume. */
  public synchronized void observe(Stamp stamp) {
    lamport = Math.max(lamport, stamp.lamport());
    if (stamp.gateway().equals(gateway)) {
      sequence = Math.max(sequence, stamp.sequence());
    }
  }
}
