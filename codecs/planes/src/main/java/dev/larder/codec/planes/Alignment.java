package dev.larder.codec.planes;

import dev.larder.spi.codec.MalformedBlockException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Lays the bytes of a reference beside those of a block that they resemble: a new export of a model
 * has its tensors in another order, and the numbers in them a little changed. Pieces are found as
 * bsdiff does (C. Percival, Naive Differences of Executable Code, 2003): a few bytes that are the
 * same in both suggest a shift, and it is taken where clearly more bytes are the same with it than
 * with the one before; but they are looked up in a hash table, not in a sorted list of suffixes.
 *
 * <p>In a stored form: how many pieces; of each but the last its length, and of each where it
 * begins in the reference, all in three bytes. For one thread.
 */
final class Alignment {

  static final int MOST_PIECES = 48;
  static final int MOST_BYTES = 1 + 6 * MOST_PIECES;

  private static final int SEED_BYTES = 5;
  private static final int MOST_SLOTS_LOG = 17;

  /** So many bytes behind a seed tell whether a shift is better than another. */
  private static final int WINDOW = 128;

  /** A piece takes six bytes, and what is the same by chance is not to begin one. */
  private static final int CLEARLY_MORE = 20;

  /** So far back is looked for the best place to go over from one shift to another. */
  private static final int MOST_BACK = 8 << 10;

  private static final long SEED_MASK = (1L << 8 * SEED_BYTES) - 1;

  /** The golden ratio, which spreads seeds over the table (Knuth, TAOCP 6.4). */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int[] starts = new int[MOST_PIECES];
  private final int[] shifts = new int[MOST_PIECES];
  private int[] slots = {};
  private int slotsLog;
  private int count;

  /** Finds how a block lies in a reference. */
  void find(byte[] block, int length, byte[] reference, int referenceLength) {
    count = 1;
    starts[0] = 0;
    shifts[0] = 0;
    index(reference, referenceLength);
    int end = Math.min(length, block.length - Long.BYTES + 1) - SEED_BYTES;
    int at = 0;
    while (at < end && count < MOST_PIECES) {
      int shift = shifts[count - 1];
      if (at + shift <= referenceLength - Long.BYTES
          && seed(block, at) == seed(reference, at + shift)) {
        at += SEED_BYTES;
        continue;
      }
      int candidate = slots[slot(seed(block, at))] - 1;
      int other = candidate - at;
      if (candidate >= 0
          && other != shift
          && seed(reference, candidate) == seed(block, at)
          && isClearlyBetter(other, block, length, reference, referenceLength, at)) {
        begin(other, block, reference, referenceLength, at);
        at += SEED_BYTES;
      } else {
        at++;
      }
    }
  }

  private static long seed(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at) & SEED_MASK;
  }

  private int slot(long seed) {
    return (int) (seed * SPREAD >>> Long.SIZE - slotsLog);
  }

  private void index(byte[] reference, int length) {
    int log = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(length, 1 << 10));
    slotsLog = Math.min(MOST_SLOTS_LOG, log);
    if (slots.length == 1 << slotsLog) {
      Arrays.fill(slots, 0);
    } else {
      slots = new int[1 << slotsLog];
    }
    int step = Math.max(1, length >> MOST_SLOTS_LOG);
    for (int at = 0; at + Long.BYTES <= length; at += step) {
      slots[slot(seed(reference, at))] = at + 1;
    }
  }

  private boolean isClearlyBetter(
      int other, byte[] block, int length, byte[] reference, int referenceLength, int at) {
    int shift = shifts[count - 1];
    int more = 0;
    for (int i = at; i < Math.min(length, at + WINDOW); i++) {
      more += same(block, reference, referenceLength, i, other);
      more -= same(block, reference, referenceLength, i, shift);
    }
    return more >= CLEARLY_MORE;
  }

  private static int same(byte[] block, byte[] reference, int referenceLength, int at, int shift) {
    int there = at + shift;
    return there >= 0 && there < referenceLength && reference[there] == block[at] ? 1 : 0;
  }

  /** Begins a piece where it is best, and drops what it leaves no room for. */
  private void begin(int shift, byte[] block, byte[] reference, int referenceLength, int at) {
    int before = shifts[count - 1];
    int least = Math.max(Math.max(starts[count - 1], at - MOST_BACK), -shift);
    int more = 0;
    int most = 0;
    int best = at;
    for (int i = at - 1; i >= least; i--) {
      more += same(block, reference, referenceLength, i, shift);
      more -= same(block, reference, referenceLength, i, before);
      if (more >= most) {
        most = more;
        best = i;
      }
    }
    if (best > starts[count - 1]) {
      count++;
    }
    starts[count - 1] = best;
    shifts[count - 1] = shift;
  }

  /** Whether the reference simply begins where the block does. */
  boolean isPlain() {
    return count == 1 && shifts[0] == 0;
  }

  /** Writes the pieces; returns how many bytes that took. */
  int write(byte[] to, int at) {
    int next = at;
    to[next++] = (byte) count;
    for (int i = 0; i < count; i++) {
      if (i < count - 1) {
        next = Layout.putLength(to, next, starts[i + 1] - starts[i]);
      }
      next = Layout.putLength(to, next, starts[i] + shifts[i]);
    }
    return next - at;
  }

  /**
   * Reads pieces.
   *
   * @return how many bytes they took
   */
  int read(ByteBuffer stored, int at, int length) throws MalformedBlockException {
    int pieces = at < stored.limit() ? stored.get(at) & 0xFF : 0;
    int bytes = 1 + 6 * pieces - 3;
    if (pieces < 1 || pieces > MOST_PIECES || bytes > stored.limit() - at) {
      throw new MalformedBlockException("no pieces of a reference: " + pieces);
    }
    int start = 0;
    int next = at + 1;
    for (int i = 0; i < pieces; i++) {
      starts[i] = start;
      if (i < pieces - 1) {
        start += Layout.length(stored, next);
        next += 3;
      }
      shifts[i] = Layout.length(stored, next) - starts[i];
      next += 3;
    }
    if (start > length) {
      throw new MalformedBlockException("pieces of more than " + length + " bytes");
    }
    count = pieces;
    return bytes;
  }

  /** Fills {@code to} with what lies beside a block, and with zeros where nothing does. */
  void lay(ByteBuffer reference, byte[] to, int length) {
    Arrays.fill(to, 0, length, (byte) 0);
    int bytes = reference.remaining();
    for (int i = 0; i < count; i++) {
      int end = i < count - 1 ? starts[i + 1] : length;
      int from = starts[i] + shifts[i];
      int covered = Math.min(end - starts[i], bytes - from);
      if (covered > 0) {
        reference.get(reference.position() + from, to, starts[i], covered);
      }
    }
  }
}
