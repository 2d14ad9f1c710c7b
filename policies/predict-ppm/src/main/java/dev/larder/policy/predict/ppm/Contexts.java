package dev.larder.policy.predict.ppm;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What came after each context, that is after one artifact or after two in a row: at most {@link
 * #SUCCESSORS} for each, with decayed counts and the time that usually passes until then.
 *
 * <p>A table of sets of eight: of a full set the context that was used longest ago gives way. All
 * memory is taken at once, about 190 KB.
 */
final class Contexts {

  /** How many successors of a context are remembered. */
  static final int SUCCESSORS = 8;

  /** Order 1 and order 2 together: a few hundred models in some ten orders. */
  static final int MOST = 2048;

  private static final int WAYS = 8;
  private static final int SETS = MOST / WAYS;

  /** All counts of a context are halved when one gets so far: what was usual once is forgotten. */
  private static final int HALVED_AT = 64;

  /** Bytes of one context in a snapshot. */
  static final int STORED = Long.BYTES + Integer.BYTES + SUCCESSORS * (Long.BYTES + 2);

  private final long[] contexts = new long[MOST];
  private final int[] used = new int[MOST]; // 0: empty
  private final long[] keys = new long[MOST * SUCCESSORS];
  private final byte[] counts = new byte[MOST * SUCCESSORS]; // 0: empty
  private final byte[] leads = new byte[MOST * SUCCESSORS];
  private int clock;

  /** The place of a context, or -1 if it is not known. */
  int find(long context) {
    int first = set(context);
    for (int place = first; place < first + WAYS; place++) {
      if (used[place] != 0 && contexts[place] == context) {
        return place;
      }
    }
    return -1;
  }

  private static int set(long context) {
    return (int) ((context * 0x9E3779B97F4A7C15L) >>> 32 & SETS - 1) * WAYS;
  }

  /** Notes that an artifact came after a context, and how many nanoseconds later. */
  void learn(long context, long key, long nanos) {
    int place = find(context);
    if (place < 0) {
      place = claim(context);
    }
    used[place] = tick();
    int first = place * SUCCESSORS;
    int successor = first;
    for (int i = first; i < first + SUCCESSORS; i++) {
      if (counts[i] > 0 && keys[i] == key) {
        count(first, i, nanos);
        return;
      }
      if (counts[i] < counts[successor]) {
        successor = i;
      }
    }
    keys[successor] = key; // the rarest gives way
    counts[successor] = 1;
    leads[successor] = LeadTime.of(nanos);
  }

  private void count(int first, int successor, long nanos) {
    leads[successor] = LeadTime.towards(leads[successor], nanos);
    if (++counts[successor] >= HALVED_AT) {
      for (int i = first; i < first + SUCCESSORS; i++) {
        counts[i] /= 2;
      }
    }
  }

  private int claim(long context) {
    int first = set(context);
    int oldest = first;
    for (int place = first; place < first + WAYS; place++) {
      if (used[place] < used[oldest]) {
        oldest = place;
      }
    }
    contexts[oldest] = context;
    Arrays.fill(counts, oldest * SUCCESSORS, (oldest + 1) * SUCCESSORS, (byte) 0);
    return oldest;
  }

  private int tick() {
    if (clock == Integer.MAX_VALUE) { // after years; the order among them is lost once
      for (int place = 0; place < MOST; place++) {
        used[place] = Math.min(used[place], 1);
      }
      clock = 1;
    }
    return ++clock;
  }

  /** Key of a successor. */
  long key(int place, int successor) {
    return keys[place * SUCCESSORS + successor];
  }

  /** How often it came, decayed; 0 if there is none. */
  int count(int place, int successor) {
    return counts[place * SUCCESSORS + successor];
  }

  /** How long after the context it usually comes, in nanoseconds. */
  long leadNanos(int place, int successor) {
    return LeadTime.nanos(leads[place * SUCCESSORS + successor]);
  }

  /** How many contexts are known. */
  int size() {
    int size = 0;
    for (int stamp : used) {
      size += stamp != 0 ? 1 : 0;
    }
    return size;
  }

  /** Writes {@link #size} contexts of {@link #STORED} bytes. */
  void write(ByteBuffer out) {
    for (int place = 0; place < MOST; place++) {
      if (used[place] != 0) {
        out.putLong(contexts[place]).putInt(used[place]);
        for (int i = place * SUCCESSORS; i < (place + 1) * SUCCESSORS; i++) {
          out.putLong(keys[i]).put(counts[i]).put(leads[i]);
        }
      }
    }
  }

  /** Reads that many contexts; anything may stand there. */
  void read(ByteBuffer in, int size) {
    for (int n = 0; n < size; n++) {
      long context = in.getLong();
      int stamp = Math.max(1, in.getInt());
      int known = find(context);
      int place = known < 0 ? claim(context) : known;
      used[place] = stamp;
      clock = Math.max(clock, stamp);
      for (int i = place * SUCCESSORS; i < (place + 1) * SUCCESSORS; i++) {
        keys[i] = in.getLong();
        counts[i] = (byte) Math.min(HALVED_AT - 1, Math.max(0, in.get()));
        leads[i] = in.get();
      }
    }
  }
}
