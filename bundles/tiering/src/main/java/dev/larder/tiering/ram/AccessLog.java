package dev.larder.tiering.ram;

import dev.larder.tiering.ledger.LedgerRecord;

/**
 * The accesses of late, so that it can be told what another policy would have made of them: a ring
 * of fixed size, 20 bytes an access. Under the cache's lock.
 */
public final class AccessLog {

  /** So many are kept. */
  static final int SIZE = 16_384;

  private final long[] keys = new long[SIZE];
  private final long[] sizes = new long[SIZE];
  private final float[] reloads = new float[SIZE];
  private long count;

  /**
   * Accesses, oldest first.
   *
   * @param keys what was used
   * @param sizes bytes of each
   * @param reloadMicros what loading it took, 0 if that is not known
   */
  public record Recent(long[] keys, long[] sizes, float[] reloadMicros) {}

  void add(LedgerRecord entry) {
    int i = (int) (count++ % SIZE);
    keys[i] = entry.key();
    sizes[i] = entry.size();
    reloads[i] = (float) entry.reloadMicros();
  }

  /** A copy. */
  Recent recent() {
    int length = (int) Math.min(count, SIZE);
    long[] keysOut = new long[length];
    long[] sizesOut = new long[length];
    float[] reloadsOut = new float[length];
    for (int i = 0; i < length; i++) {
      int at = (int) ((count - length + i) % SIZE);
      keysOut[i] = keys[at];
      sizesOut[i] = sizes[at];
      reloadsOut[i] = reloads[at];
    }
    return new Recent(keysOut, sizesOut, reloadsOut);
  }
}
