package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * When artifacts were last used, and who has placed them, since the start; the most recently used
 * ones only. Any thread.
 */
public final class Usage {

  private static final int REMEMBERED = 16_384;

  /** How long after its last use an artifact still counts as used lately. */
  private static final Duration LATELY = Duration.ofHours(24);

  private static final class Entry {
    long lastNanos;
    Optional<Boolean> placedByRule = Optional.empty();
  }

  private final LongSupplier nanoTime;
  private final Map<Digest, Entry> entries =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Entry> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Nothing was used yet. */
  public Usage(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** It was put, read or swapped. */
  public synchronized void used(Digest digest) {
    entry(digest).lastNanos = nanoTime.getAsLong();
  }

  /** Whether a rule or a person has chosen its tier. */
  public synchronized void placed(Digest digest, boolean byRule) {
    entry(digest).placedByRule = Optional.of(byRule);
  }

  /** Whether it may be moved to a faster home: only what no person has put where it is. */
  public synchronized boolean mayBePromoted(Digest digest) {
    Entry entry = entries.get(digest);
    return entry != null && entry.placedByRule.orElse(false);
  }

  /** Whether it may be moved to a slower home. */
  public synchronized boolean mayBeDemoted(Digest digest) {
    Entry entry = entries.get(digest);
    return entry == null || entry.placedByRule.orElse(true);
  }

  /**
   * When it was last used, in monotonic nanoseconds; empty if that is longer ago than remembered.
   */
  public synchronized OptionalLong lastUse(Digest digest) {
    Entry entry = entries.get(digest);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.lastNanos);
  }

  /**
   * Replicas with their last use, the longest unused first; those that are not remembered come
   * before all others, in the order in which they came to their volume.
   */
  List<Used> longestUnusedFirst(Stream<ArtifactEntry> replicas) {
    return replicas
        .map(replica -> new Used(replica, lastUse(replica.digest()).orElse(Long.MIN_VALUE)))
        .sorted(
            Comparator.comparingLong(Used::lastNanos)
                .thenComparingLong(used -> used.replica().sequence()))
        .toList();
  }

  /**
   * A replica, and when its artifact was used last.
   *
   * @param lastNanos in monotonic nanoseconds; the least number if that is not remembered
   */
  record Used(ArtifactEntry replica, long lastNanos) {}

  /** Whether it was used within the last day. */
  public boolean lately(Digest digest) {
    OptionalLong last = lastUse(digest);
    return last.isPresent() && nanoTime.getAsLong() - last.getAsLong() < LATELY.toNanos();
  }

  private Entry entry(Digest digest) {
    return entries.computeIfAbsent(
        digest,
        d -> {
          Entry fresh = new Entry();
          fresh.lastNanos = nanoTime.getAsLong();
          return fresh;
        });
  }
}
