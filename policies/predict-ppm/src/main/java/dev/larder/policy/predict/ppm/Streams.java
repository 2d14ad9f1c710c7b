package dev.larder.policy.predict.ppm;

/**
 * The last two artifacts of each stream. At most 64 streams; the quietest gives way. A new stream
 * goes on from what all streams together have seen last: where each process asks for one artifact
 * only, the order is among processes.
 */
final class Streams {

  private static final int MOST = 64;

  /** Place of the history of all streams together. */
  private static final int ALL = MOST;

  private final long[] streams = new long[MOST];
  private final long[] ticks = new long[MOST]; // of its last event; 0: empty
  private final long[] last = new long[MOST + 1];
  private final long[] beforeLast = new long[MOST + 1];
  private final long[] lastNanos = new long[MOST + 1];
  private final int[] lengths = new int[MOST + 1]; // 0, 1 or 2 artifacts
  private long clock;

  /** The place of a stream, or -1 if it is not known. */
  int find(long stream) {
    for (int place = 0; place < MOST; place++) {
      if (ticks[place] != 0 && streams[place] == stream) {
        return place;
      }
    }
    return -1;
  }

  /** The place of a stream; that of the quietest if it is not known and there are too many. */
  int claim(long stream) {
    int known = find(stream);
    if (known >= 0) {
      return known;
    }
    int quietest = 0;
    for (int place = 0; place < MOST; place++) {
      if (ticks[place] < ticks[quietest]) {
        quietest = place;
      }
    }
    streams[quietest] = stream;
    last[quietest] = last[ALL];
    beforeLast[quietest] = beforeLast[ALL];
    lastNanos[quietest] = lastNanos[ALL];
    lengths[quietest] = lengths[ALL];
    return quietest;
  }

  /** Adds an artifact to a stream. */
  void push(int place, long key, long nanos) {
    ticks[place] = ++clock;
    append(place, key, nanos);
    append(ALL, key, nanos);
  }

  private void append(int place, long key, long nanos) {
    if (lengths[place] == 0 || last[place] != key) {
      beforeLast[place] = last[place];
      last[place] = key;
      lengths[place] = Math.min(2, lengths[place] + 1);
    }
    lastNanos[place] = nanos;
  }

  /** How many artifacts of it are remembered: 0 to 2. */
  int length(int place) {
    return lengths[place];
  }

  /** The last one. */
  long last(int place) {
    return last[place];
  }

  /** The one before, which is another. */
  long beforeLast(int place) {
    return beforeLast[place];
  }

  /** When the last one was asked for. */
  long lastNanos(int place) {
    return lastNanos[place];
  }
}
