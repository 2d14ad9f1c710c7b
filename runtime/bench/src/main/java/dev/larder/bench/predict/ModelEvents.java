package dev.larder.bench.predict;

import dev.larder.bench.cache.TraceReader;
import dev.larder.cli.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The accesses of a trace that are models: 1 MiB or more. A trace does not tell kinds; what is
 * smaller is protocol data, which a gateway does not predict either. Times are in seconds.
 */
public record ModelEvents(List<Event> events) {

  /** What is smaller is no model. */
  public static final long LEAST = 1 << 20;

  private static final int MOST = 10_000_000;

  /** An access. */
  public record Event(double seconds, long key, long size) {}

  /** Reads a trace. */
  public static ModelEvents read(Path file) throws CliException {
    List<Event> events = new ArrayList<>();
    try (TraceReader reader = new TraceReader(file)) {
      while (reader.next()) {
        if (reader.size() >= LEAST) {
          if (events.size() == MOST) {
            throw new CliException(
                "INVALID_TRACE", file + " has more than " + MOST + " models", "take a part of it");
          }
          events.add(new Event(reader.time(), reader.key(), reader.size()));
        }
      }
    }
    if (events.isEmpty()) {
      throw new CliException(
          "INVALID_TRACE", file + " has no access of 1 MiB or more", "take another trace");
    }
    return new ModelEvents(events);
  }

  /** The same accesses at the same times in another order, in which there is nothing to foresee. */
  public ModelEvents shuffled(long seed) {
    List<Event> order = new ArrayList<>(events);
    Collections.shuffle(order, new Random(seed));
    List<Event> shuffled = new ArrayList<>(order.size());
    for (int i = 0; i < order.size(); i++) {
      Event event = order.get(i);
      shuffled.add(new Event(events.get(i).seconds(), event.key(), event.size()));
    }
    return new ModelEvents(shuffled);
  }

  /** Bytes of all models, each with its largest size. */
  public long footprint() {
    Map<Long, Long> sizes = new HashMap<>();
    events.forEach(event -> sizes.merge(event.key(), event.size(), Math::max));
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
