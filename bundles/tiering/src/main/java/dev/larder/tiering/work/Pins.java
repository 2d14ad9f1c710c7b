package dev.larder.tiering.work;

import dev.larder.api.Digest;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Artifacts that someone works on: collection keeps them. Any thread. */
public final class Pins {

  private final Map<Digest, Integer> pinned = new ConcurrentHashMap<>();

  /** Keeps an artifact until it is closed. */
  public Pin pin(Digest digest) {
    pinned.merge(digest, 1, Integer::sum);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        pinned.computeIfPresent(digest, (d, count) -> count == 1 ? null : count - 1);
      }
    };
  }

  /** What is pinned now. */
  public Set<Digest> all() {
    return new HashSet<>(pinned.keySet());
  }

  /** Ends the keeping; only the first time counts. */
  @FunctionalInterface
  public interface Pin extends AutoCloseable {
    @Override
    void close();
  }
}
