package dev.larder.tiering.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of an artifact have been delivered. Any thread. */
final class Coverage {

  /** A range of bytes. */
  record Range(long offset, long length) {}

  private final TreeMap<Long, Long> covered = new TreeMap<>(); // first to behind the last

  synchronized void add(long offset, long length) {
    if (length == 0) {
      return;
    }
    long from = offset;
    long to = offset + length;
    Map.Entry<Long, Long> before = covered.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    Map.Entry<Long, Long> after = covered.ceilingEntry(from);
    while (after != null && after.getKey() <= to) {
      to = Math.max(to, after.getValue());
      covered.remove(after.getKey());
      after = covered.ceilingEntry(from);
    }
    covered.put(from, to);
  }

  /** What is missing of so many bytes. */
  synchronized List<Range> gaps(long size) {
    List<Range> gaps = new ArrayList<>();
    long at = 0;
    for (Map.Entry<Long, Long> range : covered.entrySet()) {
      if (range.getKey() > at) {
        gaps.add(new Range(at, range.getKey() - at));
      }
      at = Math.max(at, range.getValue());
    }
    if (at < size) {
      gaps.add(new Range(at, size - at));
    }
    return gaps;
  }
}
