package dev.larder.store;

import java.util.Comparator;
import java.util.UUID;

/**
 * When a change happened in the order that all gateways agree on: by Lamport counter, then by
 * gateway.
 *
 * @param lamport counter, 1 or more
 * @param gateway who made the change
 * @param sequence of that gateway, 1 or more
 * @param wallMillis wall clock, for people only
 */
public record Stamp(long lamport, UUID gateway, long sequence, long wallMillis)
    implements Comparable<Stamp> {

  private static final Comparator<Stamp> ORDER =
      Comparator.comparingLong(Stamp::lamport)
          .thenComparing(Stamp::gateway)
          .thenComparingLong(Stamp::sequence);

  @Override
  public int compareTo(Stamp other) {
    return ORDER.compare(this, other);
  }
}
