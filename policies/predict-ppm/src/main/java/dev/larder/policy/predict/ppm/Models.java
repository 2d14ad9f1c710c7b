package dev.larder.policy.predict.ppm;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How often each artifact is used, and at which hours: 24 of a working day and 24 of the weekend.
 * At most {@link #MOST}, in sets of eight; of a full set the one that was used least gives way.
 */
final class Models {

  /** How many artifacts are known. */
  static final int MOST = 512;

  private static final int WAYS = 8;
  private static final int SETS = MOST / WAYS;
  private static final int HOURS = 48;
  private static final int HALF_HOURS_OF_DAY = 48;
  private static final int WORKING_DAYS = 5;

  /** All counts are halved after so many uses. */
  private static final int HALVED_AFTER = 4096;

  private static final int HOUR_HALVED_AT = 64;

  /** An hour tells nothing before some uses were seen: so many are taken to be spread as usual. */
  private static final double PRIOR = 8;

  /** Order tells more than the hour, which may neither rule out nor carry a prediction alone. */
  private static final double LEAST_LIFT = 0.3;

  private static final double MOST_LIFT = 3.2;

  /** Bytes of one artifact in a snapshot. */
  static final int STORED = Long.BYTES + Short.BYTES + HOURS;

  private final long[] keys = new long[MOST];
  private final short[] counts = new short[MOST]; // 0: empty
  private final byte[] hours = new byte[MOST * HOURS];
  private final int[] allHours = new int[HOURS];
  private int total;
  private int hourTotal;

  /**
   * Hour of a working day or of the weekend, from the half-hour of a week that starts on Monday.
   */
  static int hour(int halfHour) {
    int day = halfHour / HALF_HOURS_OF_DAY;
    int hour = halfHour % HALF_HOURS_OF_DAY / 2;
    return day < WORKING_DAYS ? hour : HOURS / 2 + hour;
  }

  /** Counts a use; hour is -1 if it is not known. */
  void learn(long key, int hour) {
    int place = find(key);
    if (place < 0) {
      place = claim(key);
    }
    counts[place]++;
    total++;
    if (hour >= 0) {
      countHour(place, hour);
    }
    if (total >= HALVED_AFTER) {
      halve();
    }
  }

  private void countHour(int place, int hour) {
    int first = place * HOURS;
    if (++hours[first + hour] >= HOUR_HALVED_AT) {
      for (int i = first; i < first + HOURS; i++) {
        hours[i] /= 2;
      }
    }
    allHours[hour]++;
    hourTotal++;
  }

  private void halve() {
    total = 0;
    for (int i = 0; i < MOST; i++) {
      counts[i] /= 2;
      total += counts[i];
    }
    hourTotal = 0;
    for (int i = 0; i < HOURS; i++) {
      allHours[i] /= 2;
      hourTotal += allHours[i];
    }
  }

  private static int set(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32 & SETS - 1) * WAYS;
  }

  private int find(long key) {
    int first = set(key);
    for (int place = first; place < first + WAYS; place++) {
      if (counts[place] > 0 && keys[place] == key) {
        return place;
      }
    }
    return -1;
  }

  private int claim(long key) {
    int first = set(key);
    int rarest = first;
    for (int place = first; place < first + WAYS; place++) {
      if (counts[place] < counts[rarest]) {
        rarest = place;
      }
    }
    total -= counts[rarest];
    keys[rarest] = key;
    counts[rarest] = 0;
    Arrays.fill(hours, rarest * HOURS, (rarest + 1) * HOURS, (byte) 0);
    return rarest;
  }

  /** Share of an artifact in all uses. */
  double share(long key) {
    int place = find(key);
    return place < 0 ? 0 : (double) counts[place] / total;
  }

  /**
   * How much likelier than at other times an artifact is used in an hour: the square root of the
   * ratio, because hour and order are not independent, and within limits. 1 if nothing is known.
   */
  double lift(long key, int hour) {
    int place = find(key);
    if (place < 0 || hour < 0 || hourTotal == 0) {
      return 1;
    }
    int own = 0;
    for (int i = place * HOURS; i < (place + 1) * HOURS; i++) {
      own += hours[i];
    }
    double usual = (allHours[hour] + 1.0) / (hourTotal + HOURS);
    double here = (hours[place * HOURS + hour] + PRIOR * usual) / (own + PRIOR);
    return Math.min(MOST_LIFT, Math.max(LEAST_LIFT, Math.sqrt(here / usual)));
  }

  /** Places of the most used, most used first; fewer than asked for if there are no more. */
  int popular(long[] out) {
    int found = 0;
    int bound = Integer.MAX_VALUE;
    int boundPlace = -1;
    while (found < out.length) {
      int best = -1;
      for (int place = 0; place < MOST; place++) {
        boolean left = counts[place] < bound || (counts[place] == bound && place > boundPlace);
        if (left && counts[place] > 0 && (best < 0 || counts[place] > counts[best])) {
          best = place;
        }
      }
      if (best < 0) {
        return found;
      }
      bound = counts[best];
      boundPlace = best;
      out[found++] = keys[best];
    }
    return found;
  }

  /** How many artifacts are known. */
  int size() {
    int size = 0;
    for (short count : counts) {
      size += count > 0 ? 1 : 0;
    }
    return size;
  }

  /** Writes {@link #size} artifacts of {@link #STORED} bytes. */
  void write(ByteBuffer out) {
    for (int place = 0; place < MOST; place++) {
      if (counts[place] > 0) {
        out.putLong(keys[place]).putShort(counts[place]).put(hours, place * HOURS, HOURS);
      }
    }
  }

  /** Reads that many artifacts; anything may stand there. */
  void read(ByteBuffer in, int size) {
    for (int n = 0; n < size; n++) {
      long key = in.getLong();
      int count = Math.min(HALVED_AFTER, Math.max(1, in.getShort()));
      int known = find(key);
      int place = known < 0 ? claim(key) : known;
      total += count - counts[place];
      keys[place] = key;
      counts[place] = (short) count;
      for (int hour = 0; hour < HOURS; hour++) {
        byte uses = (byte) Math.min(HOUR_HALVED_AT - 1, Math.max(0, in.get()));
        hours[place * HOURS + hour] = uses;
        allHours[hour] += uses;
        hourTotal += uses;
      }
    }
  }
}
