package dev.larder.tiering.ram;

/**
 * The accesses of late, so that it can be told what another policy would have made of them: a ring
 * of fixed size, 16 bytes an access. Under the cache's lock.
 */
public final class AccessLog {

  /** So many are kept. */
  static final int SIZE = 16_384;

  private final long[] keys = new long[SIZE];
  private final long[] sizes = new long[SIZE];
  private long count;

  /**
   * Accesses, oldest first.
   *
   * @param keys what was used
   * @param sizes bytes of each
   */
  public record Recent(long[] keys, long[] sizes) {}

  void add(long key, long size) {
    int i = (int) (count++ % SIZE);
    keys[i] = key;
    sizes[i] = size;
  }

  /** A copy. */
  Recent recent() {
    int length = (int) Math.min(count, SIZE);
    long[] keysOut = new long[length];
    long[] sizesOut = new long[length];
    for (int i = 0; i < length; i++) {
      int at = (int) ((count - length + i) % SIZE);
      keysOut[i] = keys[at];
      sizesOut[i] = sizes[at];
    }
    return new Recent(keysOut, sizesOut);
  }
}
