package dev.larder.bench.cache;

import java.util.List;

/** Caches that others have made, for comparison. */
public final class Peers {

  /** Their names. */
  public static final List<String> NAMES =
      List.of("exact-lru", "exact-lfu", "exact-gdsf", "caffeine", "s3fifo");

  private Peers() {}

  /**
   * A new cache.
   *
   * @param name one of {@link #NAMES}
   * @param capacity bytes
   * @param keys how many different keys there are
   * @param objective what {@code exact-gdsf} takes a hit for
   */
  public static SimulatedCache of(String name, long capacity, int keys, Objective objective) {
    return switch (name) {
      case "exact-lru" -> new ExactLru(capacity);
      case "exact-lfu" -> GreedyDual.lfu(capacity, keys);
      case "exact-gdsf" -> GreedyDual.gdsf(capacity, keys, objective);
      case "caffeine" -> new CaffeinePeer(capacity);
      case "s3fifo" -> new S3Fifo(capacity, keys);
      default -> throw new IllegalArgumentException("no peer " + name);
    };
  }
}
