package dev.larder.catalog;

import dev.larder.api.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far one volume's changes are applied. Puts that share a force report in any order, so there
 * may be gaps: the mark, which is what is stored, is the last sequence number below which nothing
 * is missing.
 */
final class Progress {

  private static final int MAX_GAPS = 1_024;

  final int id;
  final long epoch;
  private long mark;

  /** Ranges applied above the mark: first to last. */
  private final TreeMap<Long, Long> ahead = new TreeMap<>();

  /** Digests dropped above the mark, with the highest sequence number of a drop. */
  private final Map<Digest, Long> drops = new HashMap<>();

  Progress(int id, long epoch, long mark) {
    this.id = id;
    this.epoch = epoch;
    this.mark = mark;
  }

  long mark() {
    return mark;
  }

  /** Whether so many ranges are ahead of a gap that the missing one will not come. */
  boolean hopeless() {
    return ahead.size() > MAX_GAPS;
  }

  /** Notes that all from first to last is applied. */
  void applied(long first, long last) {
    ahead.merge(first, last, Math::max);
    while (!ahead.isEmpty() && ahead.firstKey() <= mark + 1) {
      mark = Math.max(mark, ahead.pollFirstEntry().getValue());
    }
    if (ahead.isEmpty()) {
      drops.clear();
    }
  }

  /** Notes a drop. */
  void dropped(Digest digest, long sequence) {
    drops.merge(digest, sequence, Math::max);
  }

  /** Whether an addition was overtaken by a later drop. */
  boolean overtaken(Digest digest, long sequence) {
    return drops.getOrDefault(digest, 0L) > sequence;
  }
}
